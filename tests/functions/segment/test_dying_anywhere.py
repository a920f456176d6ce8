"""A crash anywhere: segment or publish dies after any AWS call, and the batch is delivered again.

States, members and segments end as if nothing had happened, and every transition is told.
"""

from datetime import timedelta

import pytest

from tests.builders import JANE, NOON, email
from tests.segment_cloud import SegmentCloud, check_dying_anywhere, happened, in_shards
from tests.segments.naive import Document

JOHN, JILL = email("john@example.com"), email("jill@example.com")
SEGMENTS: dict[str, Document] = {
    "buyers": {"event": "bought"},
    "lately": {"event": "bought", "within": {"last": "1h"}},
    "idle": {"not": {"event": "bought", "within": {"last": "1h"}}},
    "spenders": {"event": "bought", "sum": {"of": "value", "gte": 100}, "within": {"last": "30d"}},
    "gold": {"attribute": "customFields.tier", "op": "eq", "value": "Gold"},
}


@pytest.fixture(autouse=True)
def _one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    in_shards(1, monkeypatch)


def some_have_bought_before(cloud: SegmentCloud) -> None:
    cloud.put_live(**SEGMENTS)
    old = NOON - timedelta(minutes=58)
    cloud.store(
        happened("bought", JANE, at=old, value=60),
        happened("bought", JOHN, at=old, value=60, profile={"customFields.tier": "Gold"}),
    )
    cloud.settle()


def they_buy_again_and_others_come(cloud: SegmentCloud) -> None:
    cloud.store(
        happened("bought", JANE, at=cloud.now, value=60),
        happened("renewed", JOHN, at=cloud.now, profile={"customFields.tier": "Silver"}),
        happened("bought", JILL, at=cloud.now - timedelta(seconds=3_590), value=1),
    )
    cloud.settle()
    cloud.pass_time(timedelta(minutes=5))


def test_all_ends_as_if_nothing_had_happened() -> None:
    calls = check_dying_anywhere(some_have_bought_before, they_buy_again_and_others_come)
    assert calls > 20


def test_as_if_nothing_had_happened_to_a_store_with_its_first_events() -> None:
    def put(cloud: SegmentCloud) -> None:
        cloud.put_live(**SEGMENTS)

    assert check_dying_anywhere(put, some_buy) > 10


def some_buy(cloud: SegmentCloud) -> None:
    cloud.store(
        *(
            happened("bought", who, at=cloud.now, value=value)
            for who in (JANE, JOHN)
            for value in (99, 1)
        )
    )
    cloud.settle()
