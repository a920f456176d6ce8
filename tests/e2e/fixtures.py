"""What the tests of the deployed stack share: one local cloud, and a new store for each of them."""

from collections.abc import Iterator

import pytest

from tests.e2e.bus import Bus, heard_bus
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.segments import Segments
from tests.e2e.store import Store


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """One cloud for all tests of a run, in whichever folder they stand."""
    cloud = LocalCloud(tmp_path_factory.mktemp("cloud") / "state")
    cloud.start()
    yield cloud
    assert cloud.stop() == 0, cloud.progress()
    assert cloud.processes() == []


@pytest.fixture
def store(cloud: LocalCloud) -> Iterator[Store]:
    with cloud.new_store() as store:
        yield store


@pytest.fixture
def other_store(cloud: LocalCloud) -> Iterator[Store]:
    with cloud.new_store() as store:
        yield store


@pytest.fixture
def segments(store: Store) -> Segments:
    return Segments(store)


@pytest.fixture
def bus(cloud: LocalCloud, store: Store) -> Iterator[Bus]:
    with heard_bus(cloud, store.store_id) as bus:
        yield bus
