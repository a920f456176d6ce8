"""The SegmentStates table: a state takes the place of the one that it follows."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from footfall.aws.segment_states import put_state, read_states, to_state_item
from footfall.errors import ConflictError
from footfall.segments.counting import CountEvidence
from footfall.segments.deciding import Decision
from footfall.segments.packing import pack_count
from footfall.segments.state import UNDECIDED, State
from footfall.segments.summing import SumEvidence
from footfall.segments.transitions import Cause, Decided, Transition, from_text
from tests.aws_calls import item_bytes
from tests.builders import STORE
from tests.moto_cloud import moto_cloud
from tests.segment_cloud import state_items

if TYPE_CHECKING:
    from footfall.segments.evidence import Evidence

JANE, JOHN = "5f0c1d2e3a4b5c6d7e8f9a0b", "0f0c1d2e3a4b5c6d7e8f9a0b"
FIRST = State(
    version=1,
    generation=3,
    as_of=1_775_131_200_000_000,
    evidence={"e8853da59a1dab98": CountEvidence(((1, 2),), 3)},
    armed=1_775_131_300_000_000,
)
ENTRY = Transition("vip", "3f2a90c1d4e5b607", entered=True, effective_at=1, cause=Cause.EVENT)


@pytest.fixture(autouse=True)
def _cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def decision(state: State, *transitions: Transition) -> Decision:
    return Decision(state, Decided(state.version, state.as_of, transitions), is_new=True)


def write(customer_id: str, decided: Decision) -> None:
    put_state(to_state_item(STORE, customer_id, decided), decided)


def test_a_customer_without_a_state_is_undecided() -> None:
    assert read_states(STORE, [JANE, JOHN]) == {JANE: UNDECIDED, JOHN: UNDECIDED}


def test_a_state_is_read_as_it_was_written() -> None:
    write(JANE, decision(FIRST))

    assert read_states(STORE, [JANE, JOHN]) == {JANE: FIRST, JOHN: UNDECIDED}
    assert read_states("another", [JANE]) == {JANE: UNDECIDED}


def test_a_long_state_is_compressed_and_read_as_it_was_written() -> None:
    events = tuple((1_775_131_200_000_000 + place, place << 64) for place in range(8))
    amounts = tuple((instant, Decimal("19.90")) for instant, _ in events)
    evidence: dict[str, Evidence] = {f"{place:016x}": CountEvidence(events) for place in range(30)}
    evidence |= {f"{place:016x}": SumEvidence(amounts) for place in range(30, 60)}
    long = replace(FIRST, evidence=evidence)
    write(JANE, decision(long))

    assert read_states(STORE, [JANE]) == {JANE: long}
    assert item_bytes(*state_items()) < 2_048 < 30 * len(pack_count(CountEvidence(events)))


def test_of_two_who_decide_the_same_state_one_writes() -> None:
    write(JANE, decision(FIRST))
    with pytest.raises(ConflictError):
        write(JANE, decision(replace(FIRST, generation=4)))
    second = replace(FIRST, version=2)
    write(JANE, decision(second))
    with pytest.raises(ConflictError):
        write(JANE, decision(replace(second, generation=4)))

    assert read_states(STORE, [JANE]) == {JANE: second}


def test_transitions_stand_in_the_write_that_decided_them_and_in_no_other() -> None:
    write(JANE, decision(FIRST, ENTRY))
    (item,) = state_items()
    assert from_text(item["transitions"]["S"]) == Decided(1, FIRST.as_of, [ENTRY])

    write(JANE, decision(replace(FIRST, version=2)))
    (item,) = state_items()
    assert "transitions" not in item


def test_only_who_is_armed_stands_in_the_due_index() -> None:
    write(JANE, decision(FIRST))
    (item,) = state_items()
    assert (item["due_shard"], item["due_at"]) == ({"S": "due#5"}, {"N": "1775131300000000"})

    write(JANE, decision(replace(FIRST, version=2, armed=None)))
    (item,) = state_items()
    assert item.keys().isdisjoint({"due_shard", "due_at"})


def test_more_states_are_read_than_fit_one_call() -> None:
    people = [f"{number:024x}" for number in range(230)]
    for one in people[::10]:
        write(one, decision(FIRST))

    found = read_states(STORE, people)

    assert {one for one, state in found.items() if state == FIRST} == set(people[::10])
    assert len(found) == 230
