"""What an event costs depends on the segments it touches, not on what there is beside them.

The event touches five segments: counts with a window and without one, sums of both kinds, and an
attribute. The customer's history, and the store's other segments, grow by orders of magnitude.
"""

import sys
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from types import FrameType
from typing import Any, TypeAlias

import pytest
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from footfall.aws.customers import read_customers
from footfall.aws.segment_states import write_state
from footfall.aws.segments import read_segments
from footfall.aws.timeline import PlacedEvent, write_events
from footfall.domain.events import Event
from footfall.domain.identifiers import new_event_id
from footfall.domain.timestamps import sortable_timestamp, to_microseconds
from footfall.segments.conditions import Condition
from footfall.segments.deciding import decide
from footfall.segments.news import NO_NEWS, Arrival, News
from footfall.segments.state import UNDECIDED, State
from footfall.segments.store_segments import StoreSegments
from footfall.settings import Setting
from tests.aws_calls import read_units, recorded_calls, write_units
from tests.builders import NOON, STORE
from tests.segment_cloud import SegmentCloud, happened, put_customers, put_segments, segment_cloud
from tests.segments.naive import Document

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]

JANE_ID = "5f0c1d2e3a4b5c6d7e8f9a0b"
MUCH = 100_000
TOUCHED: Mapping[str, Document] = {
    "often": {"event": "bought", "count": {"gte": 3}},
    "often_lately": {"event": "bought", "count": {"gte": 3}, "within": {"last": "30d"}},
    "spent": {"event": "bought", "sum": {"of": "value", "gte": 1_000_000}},
    "spent_lately": {
        "event": "bought",
        "sum": {"of": "value", "gte": 500},
        "within": {"last": "30d"},
    },
    "gold": {
        "all": [
            {"event": "bought", "count": {"gte": 2}},
            {"attribute": "customFields.tier", "op": "eq", "value": "Gold"},
        ]
    },
}


def others(number: int) -> Mapping[str, Document]:
    return {
        f"other-{n}": {
            "any": [
                {"event": f"event {n}", "within": {"last": f"{n + 1}d"}},
                {"not": {"attribute": f"customFields.field {n}", "op": "exists"}},
            ]
        }
        for n in range(number)
    }


def history(number: int) -> list[Event]:
    """Return purchases of the past, one an hour, from the first on."""
    first = NOON - timedelta(hours=number)
    template = happened("bought", at=first, value=5, unique_id="order")
    instants = (first + timedelta(hours=n) for n in range(number))
    return [
        replace(
            template,
            event_timestamp=instant,
            received_at=instant,
            event_id=new_event_id(instant, n.to_bytes(10)),
        )
        for n, instant in enumerate(instants)
    ]


class Timeline:
    """A timeline in memory that counts what is taken from it."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.taken = 0

    def __call__(self, _: Collection[Condition], start: int | None) -> Iterable[Event]:
        begin = 0 if start is None else bisect_left(self.events, start, key=instant_of)
        for event in islice(self.events, begin, None):
            self.taken += 1
            yield event


def instant_of(event: Event) -> int:
    return to_microseconds(event.event_timestamp)


def decided_on(events: list[Event]) -> State:
    """Write the state of Jane with this history, as a back-fill does, and return it."""
    generation, segments = read_segments(STORE)
    decision = decide(
        StoreSegments(generation, segments),
        read_customers([(STORE, JANE_ID)])[STORE, JANE_ID],
        UNDECIDED,
        news=NO_NEWS,
        now=to_microseconds(NOON),
        timeline=Timeline(events),
    )
    write_state(STORE, JANE_ID, decision)
    return decision.state


def put_on_the_timeline(events: list[Event]) -> None:
    """Put many events that differ in their time only past DynamoDB's calls, straight into moto."""
    with recorded_calls() as calls:
        assert write_events([PlacedEvent(events[0], JANE_ID)]) == {}
    ((_, parameters),) = calls
    ((request,),) = parameters["RequestItems"].values()
    form = request["PutRequest"]["Item"]
    (tables,) = (one["us-east-1"].tables for one in dynamodb_backends.values())
    place = DynamoType(form["pk"])
    for event in events:
        key = {"S": f"{sortable_timestamp(event.event_timestamp)}#{event.event_id}"}
        item = Item(place, DynamoType(key), {**form, "sk": key})
        tables[Setting.EVENTS_TABLE].items[place][DynamoType(key)] = item


@dataclass(frozen=True)
class Cost:
    operations: tuple[str, ...]
    write_units: int
    read_units: Decimal


def cost_of_an_event(*, past: int, other: int) -> Cost:
    with segment_cloud() as cloud:
        put_customers([JANE_ID], **{"customFields.tier": "Gold"})
        put_segments({**TOUCHED, **others(other)})
        events = history(past)
        put_on_the_timeline(events)
        decided_on(events)
        cloud.events.read()
        warm_up(cloud)
        cloud.calls.clear()
        cloud.answers.clear()
        arrives(cloud)
        made = cloud.calls
        assert len(cloud.states()[JANE_ID].evidence) == 5
        return Cost(
            tuple(operation for operation, _ in made),
            write_units(made),
            sum(map(read_units, made, cloud.answers), start=Decimal(0)),
        )


def warm_up(cloud: SegmentCloud) -> None:
    """Let a first event arrive, for which the definitions are read."""
    arrives(cloud)


def arrives(cloud: SegmentCloud) -> None:
    cloud.now += timedelta(minutes=1)
    event = happened("bought", at=cloud.now, value=5)
    assert write_events([PlacedEvent(event, JANE_ID)]) == {}
    before = cloud.states()[JANE_ID]
    assert cloud.segment(cloud.events.read()) is None
    after = cloud.states()[JANE_ID]
    assert after.version == before.version + 1


def test_an_event_that_touches_five_segments_costs_one_unit_more_than_its_reads() -> None:
    assert cost_of_an_event(past=10, other=5) == Cost(
        ("GetItem", "BatchGetItem", "BatchGetItem", "PutItem"), 1, Decimal(3)
    )


def test_it_costs_the_same_after_a_hundred_thousand_events() -> None:
    assert cost_of_an_event(past=10, other=5) == cost_of_an_event(past=MUCH, other=5)


def test_it_costs_the_same_beside_a_thousand_other_segments() -> None:
    assert cost_of_an_event(past=10, other=5) == cost_of_an_event(past=10, other=1_000)


class Steps:
    """Counts the steps of the Python machine, which stand for the time that they take."""

    def __init__(self) -> None:
        self.number = 0

    def __enter__(self) -> None:
        sys.settrace(self._enter)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> TraceFunction:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _step(self, _frame: FrameType, event: str, _argument: object) -> TraceFunction:
        self.number += event == "opcode"
        return self._step


def steps_for_events(*, past: int, other: int, events: int) -> tuple[int, int]:
    """Return the steps of deciding so many events, one an hour, and the events read for them."""
    with segment_cloud():
        put_customers([JANE_ID], **{"customFields.tier": "Gold"})
        put_segments({**TOUCHED, **others(other)})
        timeline = Timeline(history(past))
        state = decided_on(timeline.events)
        store = StoreSegments(*read_segments(STORE))
        customer = read_customers([(STORE, JANE_ID)])[STORE, JANE_ID]
    steps = Steps()
    for number in range(events):
        at = NOON + timedelta(hours=number)
        event = happened("bought", at=at, value=5)
        timeline.events.append(event)
        with steps:
            decision = decide(
                store,
                customer,
                state,
                news=News([Arrival(number, event)]),
                now=to_microseconds(at),
                timeline=timeline,
            )
        state = decision.state
    return steps.number, timeline.taken


@pytest.mark.parametrize(("past", "other"), [(MUCH, 5), (10, 1_000), (1_000, 1_000)])
def test_deciding_takes_as_many_steps_as_after_few_events_beside_few_segments(
    past: int, other: int
) -> None:
    few, _ = steps_for_events(past=10, other=5, events=20)
    many, _ = steps_for_events(past=past, other=other, events=20)
    assert many <= 1.2 * few


def test_the_events_read_for_each_are_as_few_after_a_hundred_thousand() -> None:
    _, few = steps_for_events(past=1_000, other=5, events=100)
    _, many = steps_for_events(past=MUCH, other=5, events=100)
    assert 0 < many == few <= 3 * 100
