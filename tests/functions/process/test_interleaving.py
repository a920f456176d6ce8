"""Workers at the same time: however their AWS calls interleave, the tables end the same.

The calls of the workers are let through one by one, in an order that Hypothesis draws.
"""

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.domain.events import Event
from footfall.domain.identifiers import new_event_id
from footfall.domain.instructions import Instruction, Merge
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, Killed, around_every_call
from tests.builders import NOON, STORE, deliver, email, last, message, purchase
from tests.moto_cloud import moto_cloud
from tests.populations import (
    events_of_people,
    events_that_replace_each_other,
    events_told_again,
    tables_by_person,
)
from tests.turnstile import turns_of_workers, work_in_turns


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    events_of_people(),
    turns_of_workers(20, 60),
)
def test_workers_at_the_same_time_end_in_the_same_tables(
    events: list[Event], turns: list[int]
) -> None:
    assert _tables_after(events, turns) == _tables_one_by_one(events)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    events_that_replace_each_other(),
    turns_of_workers(20, 80),
)
def test_workers_at_the_same_time_leave_the_last_of_a_unique_id(
    events: list[Event], turns: list[int]
) -> None:
    assert _tables_after(events, turns) == _tables_one_by_one(events)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    events_that_replace_each_other(),
    st.integers(min_value=0, max_value=7),
    turns_of_workers(20, 90),
)
def test_workers_who_merge_meanwhile_leave_the_last_of_a_unique_id(
    events: list[Event], place: int, turns: list[int]
) -> None:
    one, other = email("0@example.com"), email("1@example.com")
    merge = Merge(new_event_id(NOON, bytes(10)), STORE, NOON, "customerio", one, other)
    last = {event.unique_id or event.event_id: event.event_id for event in events}

    tables = _tables_after([*events[:place], merge, *events[place:]], turns)

    stored = [json.loads(item) for item in tables[Setting.EVENTS_TABLE]]
    assert sorted(item["sk"].split("#")[1] for item in stored) == sorted(last.values())
    assert len({item["pk"] for item in stored}) == 1


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    events_told_again(),
    turns_of_workers(20, 60),
)
def test_workers_at_the_same_time_leave_one_of_a_unique_id_and_customer(
    events: list[Event], turns: list[int]
) -> None:
    ours, theirs = _tables_after(events, turns), _tables_one_by_one(events)

    for table in (Setting.UNIQUE_IDS_TABLE, Setting.EVENTS_TABLE):
        assert len(ours[table]) == len(theirs[table])


@pytest.mark.parametrize("switch", range(1, 12))
def test_a_late_event_never_overrules_one_that_found_nothing_to_change(switch: int) -> None:
    first = purchase(0, minute=10, profile={"firstName": "Jane"})
    repeats = purchase(1, minute=30, profile={"firstName": "Jane"})
    late = purchase(2, minute=20, profile={"firstName": "Janet"})

    for turns in ([1] * switch + [0] * 20, [0] * switch + [1] * 20):
        assert _tables_after([repeats, late], turns, before=first) == _tables_one_by_one(
            [first, repeats, late]
        )


@pytest.mark.parametrize("switch", range(1, 14))
def test_whoever_makes_a_customer_known_overrules_nobody(switch: int) -> None:
    first = purchase(0, minute=10, profile={"firstName": "Jane", "lastName": "Doe"})
    other = purchase(1, minute=20, profile={"firstName": "Janet"})
    events = [first, other]

    for turns in ([1] * switch + [0] * 20, [0] * switch + [1] * 20):
        assert _tables_after(events, turns) == _tables_one_by_one(events)


def test_an_event_replaced_while_its_customer_is_made_known_says_nothing() -> None:
    first = last(purchase(0, unique_id="order-1", profile={"firstName": "Jane"}))
    other = last(purchase(1, unique_id="order-1", profile={"lastName": "Doe"}))
    writes: list[CarryOut] = []

    def write_the_first_while_the_other_is_about_to(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation != "PutItem" or parameters["TableName"] != Setting.CUSTOMERS_TABLE:
            return carry_out()
        writes.append(carry_out)
        if len(writes) == 1:
            assert deliver(message(other)) == []
            return {}
        if len(writes) == 2:
            writes[0]()
        return carry_out()

    with moto_cloud():
        with around_every_call(write_the_first_while_the_other_is_about_to):
            assert deliver(message(first)) == []
        tables = tables_by_person()

    assert len(writes) > 2
    assert tables == _tables_one_by_one([first, other])


def _tables_one_by_one(events: Sequence[Event]) -> Mapping[str, Sequence[str]]:
    with moto_cloud():
        for event in events:
            assert deliver(message(event)) == []
        return tables_by_person()


def _tables_after(
    events: Sequence[Instruction], turns: Sequence[int], before: Event | None = None
) -> Mapping[str, Sequence[str]]:
    """Return the tables after the events were dealt out to the workers like cards."""
    with moto_cloud():
        if before:
            deliver(message(before))
        work_in_turns([message(event) for event in events], turns)
        return tables_by_person()


def test_a_redelivery_makes_up_for_the_last_reading_that_a_crash_prevented() -> None:
    first = purchase(0, minute=10, profile={"firstName": "Jane"})
    repeats = purchase(1, minute=30, profile={"firstName": "Jane"})
    late = purchase(2, minute=20, profile={"firstName": "Janet"})

    def repeat_then_write_then_die(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation != "PutItem" or parameters["TableName"] != Setting.CUSTOMERS_TABLE:
            return carry_out()
        deliver(message(repeats))  # it reads a profile that says Jane, and changes nothing
        carry_out()
        raise Killed

    with moto_cloud():
        deliver(message(first))
        with pytest.raises(Killed), around_every_call(repeat_then_write_then_die):
            deliver(message(late))
        deliver(message(late))
        tables = tables_by_person()

    assert tables == _tables_one_by_one([first, repeats, late])
