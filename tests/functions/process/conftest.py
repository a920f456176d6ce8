"""What the tests of process share."""

from collections.abc import Iterator

import pytest

from tests.moto_cloud import moto_cloud


@pytest.fixture
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield
