"""The tests of the deployed stack; what they share stands in fixtures.py."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_SECONDS_PER_TEST = 300  # the first one waits for the cloud to start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(_SECONDS_PER_TEST))
