"""Who holds an identifier is read as it was a moment ago: however long that is, all ends the same.

Each identifier of an event is read at a moment of its own, so an event may find an address free
that it holds itself since its last delivery, or see a customer who is merged or deleted by now.
"""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.domain.events import Event
from footfall.domain.instructions import Instruction
from footfall.settings import Setting
from tests.aws_calls import Killed, recorded_calls
from tests.builders import anonymous, deliver, email, message, own_id
from tests.merging_people import (
    deletion,
    deliver_rest,
    deliveries,
    histories,
    merge,
    people,
    said_by,
)
from tests.moto_cloud import moto_cloud
from tests.populations import (
    events_of_people,
    events_that_replace_each_other,
    events_told_again,
    tables_by_person,
)
from tests.stale_reads import stale_reads

AGES = st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=30)
AS_IF_NEVER_SEEN = 1_000_000
ANN, BEN, BROWSER = own_id("ann"), email("ben@example.com"), anonymous("browser")


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(events_of_people() | events_that_replace_each_other(), AGES)
def test_events_of_people_are_stored_alike(events: list[Event], ages: Sequence[int]) -> None:
    assert _tables(events, ages) == _tables(events, [0])


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(events_told_again(), AGES)
def test_events_told_again_are_stored_once(events: list[Event], ages: Sequence[int]) -> None:
    late, at_once = _tables(events, ages), _tables(events, [0])

    for table in (Setting.UNIQUE_IDS_TABLE, Setting.EVENTS_TABLE):
        assert late[table] == at_once[table]


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries(histories()), AGES)
def test_people_who_are_merged_end_the_same(
    delivered: tuple[list[Instruction], list[list[Instruction]]], ages: Sequence[int]
) -> None:
    instructions, batches = delivered

    assert _people(batches, ages) == _people([[one] for one in instructions], [0])


@pytest.mark.parametrize("age", [1, 2, AS_IF_NEVER_SEEN])
def test_an_event_in_whose_eyes_nobody_was_deleted_begins_anew(age: int) -> None:
    told: list[Instruction] = [
        *(said_by(1, ANN, BEN), deletion(2, ANN), said_by(3, BEN), deletion(4, BEN)),
        *(said_by(5, ANN, BEN, BROWSER), said_by(6, BROWSER)),
    ]

    assert _people([[one] for one in told], [age]) == _people([[one] for one in told], [0])


@pytest.mark.parametrize("die_after", range(1, 12))
def test_a_redelivery_that_does_not_see_what_the_first_delivery_did_stores_the_same(
    die_after: int,
) -> None:
    events: list[Instruction] = [
        said_by(1, ANN, unique_id="order-1"),
        merge(2, ANN, BEN),
        said_by(3, BEN, unique_id="order-3"),
    ]
    expected = _people([[one] for one in events], [0])

    with moto_cloud():
        with stale_reads(Setting.IDENTITIES_TABLE, [AS_IF_NEVER_SEEN]):
            for one in events:
                _die_once(one, die_after)
                assert deliver(message(one)) == []
                deliver_rest()
        assert people() == expected


def _die_once(instruction: Instruction, die_after: int) -> None:
    with recorded_calls(die_after=die_after) as calls:
        try:
            deliver(message(instruction))
        except Killed:
            assert len(calls) == die_after


def _tables(events: Sequence[Event], ages: Sequence[int]) -> Mapping[str, Sequence[str]]:
    with moto_cloud():
        with stale_reads(Setting.IDENTITIES_TABLE, ages):
            for event in events:
                assert deliver(message(event)) == []
        return tables_by_person()


def _people(
    batches: Sequence[Sequence[Instruction]], ages: Sequence[int]
) -> Mapping[str, Mapping[str, object]]:
    with moto_cloud():
        with stale_reads(Setting.IDENTITIES_TABLE, ages):
            for batch in batches:
                assert deliver(*(message(one) for one in batch)) == []
                deliver_rest()
        return people()
