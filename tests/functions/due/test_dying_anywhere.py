"""A crash anywhere while time passes: sweep, due and publish die after any AWS call."""

from datetime import timedelta

import pytest

from tests.builders import JANE, NOON, email
from tests.segment_cloud import SegmentCloud, check_dying_anywhere, happened, in_shards

JOHN = email("john@example.com")


@pytest.fixture(autouse=True)
def _one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    in_shards(1, monkeypatch)


def some_are_in_windows(cloud: SegmentCloud) -> None:
    cloud.put_live(
        lately={"event": "bought", "within": {"last": "1h"}},
        idle={"not": {"event": "bought", "within": {"last": "1h"}}},
        spenders={"event": "bought", "sum": {"of": "value", "gte": 3}, "within": {"last": "1h"}},
    )
    cloud.store(
        *(happened("bought", JANE, at=NOON - timedelta(seconds=n), value=1) for n in range(3)),
        happened("bought", JOHN, at=NOON + timedelta(minutes=30), value=3),
    )
    cloud.settle()


def time_passes(cloud: SegmentCloud) -> None:
    cloud.pass_time(timedelta(hours=2))


def test_all_ends_as_if_nothing_had_happened() -> None:
    assert check_dying_anywhere(some_are_in_windows, time_passes) > 40
