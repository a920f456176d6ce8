"""Segments follow an event that another of its unique id replaces: its customer, count and sum."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.settings import Setting
from tests.builders import JANE, NOON, email, last
from tests.moto_cloud import all_items
from tests.segment_cloud import SegmentCloud, check_dying_anywhere, happened, segment_cloud
from tests.segments.naive import Document

JOHN = email("john@example.com")
BUYERS: Document = {"event": "bought", "count": {"gte": 2}}
RECENT: Document = {"event": "bought", "within": {"last": "1d"}}
SPENDERS: Document = {"event": "bought", "sum": {"of": "value", "gte": 100}}
RECENT_SPENDERS: Document = {**SPENDERS, "within": {"last": "30d"}}
GOLD: Document = {"attribute": "customFields.tier", "op": "eq", "value": "Gold"}
LARGE = {"note": "x" * 70_000}


@pytest.fixture
def cloud() -> Iterator[SegmentCloud]:
    with segment_cloud() as cloud:
        cloud.put_live(
            buyers=BUYERS, recent=RECENT, spenders=SPENDERS, lately=RECENT_SPENDERS, gold=GOLD
        )
        yield cloud


def _order(number: int, value: int, *identifiers: Identifier, unique_id: str = "o-1") -> Event:
    at = NOON + timedelta(seconds=number)
    return last(happened("bought", *identifiers, at=at, value=value, unique_id=unique_id))


def _segments_of(cloud: SegmentCloud, identifier: Identifier) -> set[str]:
    customer_id = cloud.customer_id(identifier)
    names = ("buyers", "recent", "spenders", "lately", "gold")
    return {name for name in names if customer_id in cloud.members(name)}


def test_an_order_that_is_told_again_counts_once(cloud: SegmentCloud) -> None:
    cloud.now = NOON + timedelta(minutes=1)
    for number in range(1, 4):
        cloud.store(_order(number, 40))
        cloud.settle()
    assert _segments_of(cloud, JANE) == {"recent"}

    cloud.store(_order(4, 60, unique_id="o-2"))
    cloud.settle()

    assert _segments_of(cloud, JANE) == {"buyers", "recent", "spenders", "lately"}
    cloud.check()


def test_an_order_that_becomes_smaller_or_larger_takes_its_customer_along(
    cloud: SegmentCloud,
) -> None:
    cloud.now = NOON + timedelta(minutes=1)
    expected = {"recent", "spenders", "lately"}
    for number, (value, segments) in enumerate(
        ((120, expected), (99, {"recent"}), (100, expected))
    ):
        cloud.store(_order(number, value))
        cloud.settle()
        assert _segments_of(cloud, JANE) == segments
    cloud.check()


@pytest.mark.parametrize("is_at_once", [True, False])
def test_an_order_that_becomes_another_customers_leaves_the_first(
    cloud: SegmentCloud, *, is_at_once: bool
) -> None:
    cloud.now = NOON + timedelta(minutes=1)
    first = replace(_order(1, 120, JANE), profile={"customFields.tier": "Gold"})
    cloud.store(first)
    if not is_at_once:
        cloud.settle()
        assert _segments_of(cloud, JANE) == {"recent", "spenders", "lately", "gold"}
    cloud.store(_order(2, 130, JOHN))
    cloud.settle()

    assert _segments_of(cloud, JANE) == set()
    assert _segments_of(cloud, JOHN) == {"recent", "spenders", "lately"}
    cloud.check()


@pytest.mark.parametrize("is_at_once", [True, False])
def test_an_event_whose_body_is_gone_is_taken_out_too(
    cloud: SegmentCloud, *, is_at_once: bool
) -> None:
    cloud.now = NOON + timedelta(minutes=1)
    cloud.store(replace(_order(1, 120, JANE), data=LARGE))
    if not is_at_once:
        cloud.settle()
        assert _segments_of(cloud, JANE) == {"recent", "spenders", "lately"}
    cloud.store(_order(2, 10, JOHN))
    cloud.settle()

    assert [str(item["event_name"]) for item in all_items(Setting.EVENTS_TABLE)] == ["bought"]
    assert _segments_of(cloud, JANE) == set()
    cloud.check()


def test_it_ends_the_same_whatever_dies_on_the_way() -> None:
    def prepare(cloud: SegmentCloud) -> None:
        cloud.put_live(buyers=BUYERS, spenders=SPENDERS)
        cloud.now = NOON + timedelta(minutes=1)
        cloud.store(_order(1, 120, JANE))
        cloud.settle()

    def act(cloud: SegmentCloud) -> None:
        cloud.store(_order(2, 130, JOHN))
        cloud.settle()

    assert check_dying_anywhere(prepare, act) > 0
