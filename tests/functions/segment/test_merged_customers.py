"""Customers who are merged or deleted: histories count together, and nobody stays who is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.aws.customers import read_customer
from footfall.aws.timeline import events_between
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Deletion, Instruction, Merge
from footfall.domain.values import JsonValue
from footfall.segments.history import is_member
from footfall.segments.reading import read_definition
from tests.builders import STORE, anonymous, deliver, email, message, own_id
from tests.merging_people import roots
from tests.segment_cloud import (
    SegmentCloud,
    check_dying_anywhere,
    happened,
    in_shards,
    segment_cloud,
)
from tests.segments.naive import Document

HOUR = timedelta(hours=1)
A_MOMENT = timedelta(seconds=5)
"""A timer comes up to a second after a window's end."""

ANN, OLD_ANN, BEN = own_id("ann"), email("ann@example.com"), own_id("ben")
BROWSER = anonymous("browser")
PEOPLE = (ANN, OLD_ANN, BEN, BROWSER)

SEGMENTS: dict[str, Document] = {
    "buyers": {"event": "bought", "count": {"gte": 2}},
    "lately": {"event": "bought", "count": {"gte": 2}, "within": {"last": "2h"}},
    "idle": {"not": {"event": "bought", "within": {"last": "2h"}}},
    "never": {"not": {"event": "bought"}},
    "spenders": {"event": "bought", "sum": {"of": "value", "gte": 100}},
    "spending": {"event": "bought", "sum": {"of": "value", "gte": 100}, "within": {"last": "3h"}},
    "few": {"event": "bought", "sum": {"of": "value", "lt": 60}, "within": {"last": "3h"}},
    "gold": {"attribute": "customFields.tier", "op": "eq", "value": "Gold"},
}


def merge(primary: Identifier, secondary: Identifier) -> Merge:
    like = happened("merged")
    return Merge(like.event_id, STORE, like.received_at, "redo", primary, secondary)


def deletion(identifier: Identifier, at: datetime) -> Deletion:
    return Deletion(happened("deleted").event_id, STORE, at, "redo", identifier)


def tell(*instructions: Instruction) -> None:
    assert deliver(message(*instructions)) == []


def bought(cloud: SegmentCloud, *who: Identifier, ago: timedelta = HOUR, value: int = 60) -> Event:
    return happened("bought", *who, at=cloud.now - ago, received=cloud.now, value=value)


def check(cloud: SegmentCloud) -> None:
    """Check that the members are those of whom their timelines and profiles say so."""
    cloud.settle()
    cloud.check()
    gone = roots()
    decided = cloud.decided_members()
    definitions = {one: read_definition(_json(what)) for one, what in SEGMENTS.items()}
    for identifier in PEOPLE:
        named = cloud.customer_ids().get(identifier)
        customer = None if named is None else read_customer(STORE, gone.get(named, named))
        if customer is None or customer.is_gone:
            continue
        events = list(
            events_between(STORE, customer.customer_id, start=None, is_asked=lambda _: True)
        )
        for segment_id, definition in definitions.items():
            expected = is_member(definition, events, customer, cloud.now, definitions)
            assert (customer.customer_id in decided[segment_id]) == expected, segment_id
            assert (customer.customer_id in cloud.members(segment_id)) == expected, segment_id
    for segment_id in SEGMENTS:
        assert not decided[segment_id] & gone.keys()
        assert not cloud.members(segment_id).keys() & gone.keys()


def _json(document: Document) -> JsonValue:
    return document


@st.composite
def _steps(draw: st.DrawFn) -> Sequence[tuple[str, object]]:
    who = st.sampled_from(PEOPLE)
    strong = st.sampled_from(PEOPLE[:3])
    step = st.one_of(
        st.tuples(st.just("buys"), st.tuples(who, st.integers(0, 240), st.integers(1, 120))),
        st.tuples(st.just("says"), st.tuples(strong, st.sampled_from(["Gold", "Iron"]))),
        st.tuples(st.just("is named"), strong),
        st.tuples(st.just("merges"), st.tuples(strong, strong)),
        st.tuples(st.just("is deleted"), strong),
        st.tuples(st.just("settles"), st.booleans()),
        st.tuples(st.just("waits"), st.integers(1, 120)),
    )
    return draw(st.lists(step, min_size=4, max_size=14))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_steps())
def test_members_are_those_of_whom_the_joined_history_says_so(
    steps: Sequence[tuple[str, object]],
) -> None:
    with segment_cloud() as cloud:
        cloud.put_live(**SEGMENTS)
        for kind, what in steps:
            _take(cloud, kind, what)
        for wait in (timedelta(0), HOUR, HOUR, HOUR):
            cloud.pass_time(wait + A_MOMENT)
            check(cloud)


def _take(cloud: SegmentCloud, kind: str, what: Any) -> None:  # noqa: ANN401  # as drawn
    match kind, what:
        case "buys", (who, minutes, value):
            tell(bought(cloud, who, ago=timedelta(minutes=minutes), value=value))
        case "says", (who, tier):
            told = {"customFields.tier": tier}
            tell(happened("said", who, at=cloud.now, received=cloud.now, profile=told))
        case "is named", Identifier() as who:
            tell(happened("said", who, BROWSER, at=cloud.now, received=cloud.now))
        case "merges", (one, other):
            tell(merge(one, other))
        case "is deleted", Identifier() as who:
            tell(deletion(who, cloud.now))
        case "settles", bool(customers_first):
            cloud.settle(customers_first=customers_first)
        case "waits", int(minutes):
            cloud.pass_time(timedelta(minutes=minutes))


@pytest.mark.parametrize("customers_first", [False, True])
def test_a_joined_history_counts_and_the_merged_customer_leaves(*, customers_first: bool) -> None:
    with segment_cloud() as cloud:
        cloud.put_live(**SEGMENTS)
        tell(bought(cloud, ANN), bought(cloud, BEN))
        cloud.settle()
        ann, ben = cloud.customer_id(ANN), cloud.customer_id(BEN)
        assert not cloud.members("buyers")

        tell(merge(ANN, BEN))
        cloud.settle(customers_first=customers_first)

        assert cloud.members("buyers").keys() == cloud.members("spenders").keys() == {ann}
        assert [one[:2] for one in cloud.transitions("few")] == []
        assert cloud.decided_members()["buyers"] == {ann} != {ben}
        check(cloud)


def test_what_somebody_did_anonymously_counts_from_when_they_are_named() -> None:
    with segment_cloud() as cloud:
        cloud.put_live(**SEGMENTS)
        tell(bought(cloud, ANN, value=50), bought(cloud, BROWSER, value=50))
        cloud.settle()
        nobody, ann = cloud.customer_id(BROWSER), cloud.customer_id(ANN)
        assert cloud.members("idle").keys() == cloud.members("buyers").keys() == set()
        cloud.pass_time(2 * HOUR)
        assert cloud.members("idle").keys() == {nobody, ann}

        tell(happened("said", ANN, BROWSER, at=cloud.now, received=cloud.now))
        cloud.settle()

        assert cloud.members("buyers").keys() == cloud.members("spenders").keys() == {ann}
        assert cloud.members("idle").keys() == {ann}
        ((kind, who, _, cause),) = [one for one in cloud.transitions("idle") if one[0] == "exited"]
        assert (kind, who, cause) == ("exited", nobody, "profile")
        check(cloud)


def test_who_is_deleted_leaves_every_segment_and_has_no_timer() -> None:
    with segment_cloud() as cloud:
        cloud.put_live(**SEGMENTS)
        tell(bought(cloud, ANN, value=100), bought(cloud, ANN, value=100))
        cloud.settle()
        ann = cloud.customer_id(ANN)
        assert cloud.members("spenders").keys() == {ann}

        tell(deletion(ANN, cloud.now))
        cloud.settle()

        assert not any(cloud.members(one) for one in SEGMENTS)
        state = cloud.states()[ann]
        assert (state.evidence, state.dues, state.armed) == ({}, {}, None)
        cloud.check()
        cloud.pass_time(5 * HOUR)
        assert not any(cloud.members(one) for one in SEGMENTS)


def test_a_segment_that_comes_later_passes_by_who_is_gone() -> None:
    with segment_cloud() as cloud, pytest.MonkeyPatch.context() as patch:
        in_shards(1, patch)
        cloud.put_live(buyers=SEGMENTS["buyers"])
        tell(bought(cloud, ANN), bought(cloud, BEN), bought(cloud, OLD_ANN))
        cloud.settle()
        tell(merge(ANN, BEN), deletion(OLD_ANN, cloud.now))
        cloud.settle()
        cloud.put_segment("idle", SEGMENTS["idle"])
        cloud.pass_time(3 * HOUR)

        assert not cloud.is_building()
        assert cloud.members("idle").keys() == {cloud.customer_id(ANN)}
        cloud.check()


def test_all_ends_the_same_wherever_segment_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    in_shards(1, monkeypatch)

    def two_are_known(cloud: SegmentCloud) -> None:
        cloud.put_live(**SEGMENTS)
        tell(bought(cloud, ANN), bought(cloud, BEN), bought(cloud, OLD_ANN, value=200))
        cloud.settle()

    def they_are_merged(cloud: SegmentCloud) -> None:
        tell(merge(ANN, BEN))
        tell(deletion(OLD_ANN, cloud.now))
        cloud.settle()

    assert check_dying_anywhere(two_are_known, they_are_merged) > 8
