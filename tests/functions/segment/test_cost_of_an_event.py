"""What an event costs depends on the segments it touches, not on what there is beside them.

The event touches five segments: counts with a window and without one, sums of both kinds, and an
attribute. The customer's history, and the store's other segments, grow by orders of magnitude.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import FrameType
from typing import Any, TypeAlias

import pytest

from footfall.aws.customers import read_customers
from footfall.aws.segments import read_segments
from footfall.aws.timeline import PlacedEvent, write_events
from footfall.domain.events import Event
from footfall.domain.timestamps import to_microseconds
from footfall.segments.deciding import decide
from footfall.segments.news import Arrival, News
from footfall.segments.store_segments import StoreSegments
from tests.aws_calls import read_units, write_units
from tests.builders import NOON, STORE
from tests.long_histories import Timeline, decided_on, history, put_on_the_timeline
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


def past_purchases(number: int) -> list[Event]:
    """Return purchases of the past, one an hour, from the first on."""
    return history("bought", number, until=NOON, unique_id="order")


@dataclass(frozen=True)
class Cost:
    operations: tuple[str, ...]
    write_units: int
    read_units: Decimal


def cost_of_an_event(*, past: int, other: int) -> Cost:
    with segment_cloud() as cloud:
        put_customers([JANE_ID], **{"customFields.tier": "Gold"})
        put_segments({**TOUCHED, **others(other)})
        events = past_purchases(past)
        put_on_the_timeline(events, JANE_ID)
        decided_on(events, JANE_ID, NOON)
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
        timeline = Timeline(past_purchases(past))
        state = decided_on(timeline.events, JANE_ID, NOON)
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
