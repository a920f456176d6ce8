"""Every test of query runs in an empty cloud of its own."""

from collections.abc import Iterator

import pytest

from tests.moto_cloud import moto_cloud


@pytest.fixture(autouse=True)
def _cloud() -> Iterator[None]:
    with moto_cloud():
        yield
