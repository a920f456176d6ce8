"""Promise 4: any order, any duplication, any batching of the same deliveries, the same tables."""

import json
from collections.abc import Mapping, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.domain.events import Event
from footfall.domain.identifiers import IdentifierKind
from footfall.settings import Setting
from tests.builders import deliver, message
from tests.moto_cloud import moto_cloud
from tests.populations import (
    events_of_people,
    events_that_replace_each_other,
    events_told_again,
    tables_by_person,
)


@st.composite
def _deliveries(
    draw: st.DrawFn, drawn: st.SearchStrategy[list[Event]]
) -> tuple[list[Event], list[list[Event]]]:
    """Draw events, and one way to deliver them: permuted, partly twice, cut into batches."""
    events = draw(drawn)
    again = draw(st.lists(st.sampled_from(events), max_size=3))
    batches: list[list[Event]] = []
    for event in draw(st.permutations([*events, *again])):
        if not batches or draw(st.booleans()):
            batches.append([])
        batches[-1].append(event)
    return events, batches


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(_deliveries(events_of_people()))
def test_any_order_ends_in_the_same_tables(
    deliveries: tuple[list[Event], list[list[Event]]],
) -> None:
    events, batches = deliveries

    assert _tables_after(batches) == _tables_after([[event] for event in events])


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(_deliveries(events_that_replace_each_other()))
def test_in_any_order_the_last_of_a_unique_id_stands(
    deliveries: tuple[list[Event], list[list[Event]]],
) -> None:
    events, batches = deliveries
    last = {event.unique_id or event.event_id: event.event_id for event in events}

    tables = _tables_after(batches)

    assert tables == _tables_after([[event] for event in events])
    assert _ids_in(tables) == sorted(last.values())


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(_deliveries(events_told_again()))
def test_in_any_order_the_first_of_a_customer_stands_and_duplicates_leave_no_trace(
    deliveries: tuple[list[Event], list[list[Event]]],
) -> None:
    _, batches = deliveries
    come = {event.event_id: event for batch in batches for event in batch}
    first: dict[object, Event] = {}
    for event in come.values():
        person = next(one for one in event.identifiers if one.kind is IdentifierKind.EMAIL)
        first.setdefault((person, event.unique_id) if event.unique_id else event.event_id, event)

    tables = _tables_after(batches)

    assert _ids_in(tables) == sorted(event.event_id for event in first.values())
    assert tables == _tables_after([[event] for event in first.values()])


def _ids_in(tables: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the ids of the events that stand on timelines."""
    stored = (json.loads(item) for item in tables[Setting.EVENTS_TABLE])
    return sorted(item["sk"].split("#")[1] for item in stored)


def _tables_after(batches: Sequence[Sequence[Event]]) -> Mapping[str, Sequence[str]]:
    with moto_cloud():
        for batch in batches:
            assert deliver(*(message(event) for event in batch)) == []
        return tables_by_person()
