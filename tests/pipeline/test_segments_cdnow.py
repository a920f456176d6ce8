"""Five segments over the purchases of a real shop are what the lines of its file alone say."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, cast

import pytest

from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import to_microseconds
from footfall.segments.conditions import Condition
from footfall.segments.deciding import decide
from footfall.segments.news import Arrival, News
from footfall.segments.outset import outset
from footfall.segments.reading import read_definition
from footfall.segments.segment import Segment
from footfall.segments.state import UNDECIDED
from footfall.segments.store_segments import StoreSegments
from tests.builders import STORE, own_id
from tests.segment_cloud import happened, segment_cloud
from tests.segments.cdnow_truth import INSTANTS, LINES, SEGMENTS

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

BEGINNING = datetime(1996, 12, 30, tzinfo=UTC)
PEOPLE = 300


def purchases() -> list[Event]:
    """Return the purchases of the file, in the order of time."""
    return [
        happened(
            "purchase_completed",
            own_id(customer),
            at=day,
            value=dollars or None,
            received=day + timedelta(hours=1),
        )
        for customer, day, dollars in sorted(LINES)
    ]


@pytest.mark.timeout(300)
def test_some_of_its_customers_through_the_functions() -> None:
    """What happened since the last instant is imported late, and one sweep finds who is due."""
    some = {customer for customer, _, _ in sorted(LINES)[:: len(LINES) // PEOPLE]}
    waiting = [event for event in purchases() if event.identifiers[0].value in some]
    with segment_cloud(BEGINNING) as cloud:
        for segment_id, (definition, _) in SEGMENTS.items():
            cloud.put_segment(segment_id, definition)
        cloud.pass_time(timedelta(seconds=10))
        cloud.publishes = False  # moto takes longer for each member than for the one before
        for instant in INSTANTS:
            cloud.now = instant
            cloud.store(*(event for event in waiting if event.event_timestamp <= instant))
            waiting = [event for event in waiting if event.event_timestamp > instant]
            cloud.settle()
            cloud.sweep()
            cloud.settle()
            known, members = cloud.customer_ids(), cloud.decided_members()
            for segment_id, (_, truth) in SEGMENTS.items():
                expected = {known[own_id(one)] for one in truth(instant) & some}
                assert members[segment_id] == expected, (segment_id, instant)


@pytest.mark.timeout(300)
def test_all_of_its_customers_decided_from_instant_to_instant() -> None:
    store = StoreSegments(len(SEGMENTS), _segments())
    histories: dict[str, list[Event]] = defaultdict(list)
    for event in purchases():
        histories[event.identifiers[0].value].append(event)
    members: Mapping[tuple[str, datetime], set[str]] = defaultdict(set)
    for customer_id, history in histories.items():
        for instant, found in _memberships(store, customer_id, history):
            for segment_id in found:
                members[segment_id, instant].add(customer_id)

    for segment_id, (_, truth) in SEGMENTS.items():
        for instant in INSTANTS:
            assert members[segment_id, instant] == truth(instant), (segment_id, instant)


def _segments() -> Iterator[Segment]:
    for number, (segment_id, (document, _)) in enumerate(SEGMENTS.items(), start=1):
        definition = read_definition(cast("JsonValue", document))
        yield Segment(
            segment_id=segment_id,
            name=segment_id,
            number=number,
            generation=number,
            definition=definition,
            outset=outset(segment_id, definition, {}),
            stored_at=to_microseconds(BEGINNING),
        )


def _memberships(
    store: StoreSegments, customer_id: str, history: list[Event]
) -> Iterator[tuple[datetime, list[str]]]:
    """Yield what the customer is in at each instant; events come just before it."""
    customer = Customer(STORE, customer_id, BEGINNING)
    state, numbers, stored = UNDECIDED, count(1), list[Event]()

    def timeline(_: Collection[Condition], start: int | None) -> Iterator[Event]:
        return (
            event
            for event in stored
            if start is None or to_microseconds(event.event_timestamp) >= start
        )

    for instant in INSTANTS:
        new = [event for event in history[len(stored) :] if event.event_timestamp <= instant]
        stored += new
        decision = decide(
            store,
            customer,
            state,
            news=News([Arrival(next(numbers), event) for event in new]),
            now=to_microseconds(instant),
            timeline=timeline,
        )
        if decision.is_new:
            state = decision.state
        yield instant, [one.segment_id for one in store.segments.values() if state.is_member(one)]
