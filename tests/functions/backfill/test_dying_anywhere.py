"""A crash anywhere in a walk over the customers: backfill or publish dies after any AWS call."""

from datetime import timedelta

import pytest

from tests.builders import JANE, NOON, email
from tests.segment_cloud import SegmentCloud, check_dying_anywhere, happened, in_shards

PEOPLE = (JANE, email("john@example.com"))
LATELY = {"event": "bought", "within": {"last": "1h"}}


@pytest.fixture(autouse=True)
def _few_shards_and_small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 1)
    in_shards(1, monkeypatch)


def some_have_bought(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers={"event": "bought"})
    cloud.store(
        *(happened("bought", who, at=NOON - timedelta(minutes=59)) for who in PEOPLE[:1]),
        happened("seen", PEOPLE[1]),
    )
    cloud.settle()


def segments_are_put(cloud: SegmentCloud) -> None:
    cloud.put_segment("lately", LATELY)
    cloud.put_segment("idle", {"not": LATELY})
    cloud.pass_time(timedelta(seconds=10))
    assert not cloud.is_building()


def test_a_segment_becomes_live_as_if_nothing_had_happened() -> None:
    assert check_dying_anywhere(some_have_bought, segments_are_put) > 40


def test_a_segment_goes_as_if_nothing_had_happened() -> None:
    def it_goes(cloud: SegmentCloud) -> None:
        cloud.delete_segment("buyers")
        cloud.pass_time(timedelta(seconds=10))
        assert cloud.members("buyers") == {}
        assert not cloud.is_building()

    assert check_dying_anywhere(some_have_bought, it_goes) > 20
