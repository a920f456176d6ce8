"""Customers with a long past: made in memory, put into moto, and decided as by a back-fill.

Past DynamoDB's calls, as a million of them would take an hour.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

from footfall.aws.customers import read_customers
from footfall.aws.keys import customer_key
from footfall.aws.segment_states import put_state, to_state_item
from footfall.aws.segments import read_segments
from footfall.aws.timeline import PlacedEvent, write_events
from footfall.domain.events import Event
from footfall.domain.identifiers import new_event_id
from footfall.domain.timestamps import sortable_timestamp, to_microseconds
from footfall.segments.conditions import Condition
from footfall.segments.deciding import decide
from footfall.segments.news import NO_NEWS
from footfall.segments.state import UNDECIDED, State
from footfall.segments.store_segments import StoreSegments
from footfall.settings import Setting
from tests.builders import STORE
from tests.moto_cloud import moto_table
from tests.segment_cloud import happened

_HOUR = timedelta(hours=1)


def history(
    name: str,
    number: int,
    *,
    until: datetime,
    apart: timedelta = _HOUR,
    unique_id: str | None = None,
) -> list[Event]:
    """Return so many events of the past, each of value 5, from the first on."""
    first = until - number * apart
    template = happened(name, at=first, value=5, unique_id=unique_id)
    instants = (first + n * apart for n in range(number))
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


def decided_on(events: list[Event], customer_id: str, now: datetime) -> State:
    """Write the state of a customer with this history, as a back-fill does, and return it."""
    generation, segments = read_segments(STORE)
    decision = decide(
        StoreSegments(generation, segments),
        read_customers([(STORE, customer_id)])[STORE, customer_id],
        UNDECIDED,
        news=NO_NEWS,
        now=to_microseconds(now),
        timeline=Timeline(events),
    )
    put_state(to_state_item(STORE, customer_id, decision), decision)
    return decision.state


def put_on_the_timeline(events: Sequence[Event], customer_id: str) -> None:
    """Put many events that differ in their time only onto a customer's timeline."""
    assert write_events([PlacedEvent(events[0], customer_id)]) == {}
    timeline = moto_table(Setting.EVENTS_TABLE).items[
        DynamoType({"S": customer_key(STORE, customer_id)})
    ]
    form = timeline[_sort_key(events[0])]
    for event in events[1:]:
        key = _sort_key(event)
        timeline[key] = _with_sort_key(form, key)


def _sort_key(event: Event) -> DynamoType:
    return DynamoType({"S": f"{sortable_timestamp(event.event_timestamp)}#{event.event_id}"})


def _with_sort_key(form: Item, key: DynamoType) -> Item:
    """Return the item with another sort key; they share what they have in common."""
    item = copy(form)
    item.range_key = key
    item.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    dict.update(item.attrs, form.attrs)  # by its own way, each attribute is weighed with all others
    dict.__setitem__(item.attrs, "sk", key)
    return item
