"""What the tests of the SDKs share, beside the local cloud: where the SDKs are pointed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.local_cloud import LocalCloud
from tests.sdks.failing_gateway import (
    FailingGateway,
    Refusals,
    deployed_refusals,
    failing_gateway,
)
from tests.sdks.sdk import Place

_HERE = Path(__file__).parent
_SECONDS_PER_TEST = 300  # the first one waits for the cloud to start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(_SECONDS_PER_TEST))


@pytest.fixture
def place(cloud: LocalCloud) -> Place:
    """Footfall itself."""
    stack = cloud.file("stack.json")
    return Place(stack["url"], stack["tlsUrl"], stack["caFile"])


@pytest.fixture
def gateway(place: Place, tmp_path: Path) -> Iterator[FailingGateway]:
    """A gateway in front of Footfall that refuses what a test says."""
    with failing_gateway(place.url, tmp_path) as gateway:
        yield gateway


@pytest.fixture
def refusals(cloud: LocalCloud) -> Refusals:
    """What the deployed gateway answers when there is too much, and when Lambda does not answer."""
    return deployed_refusals(cloud)
