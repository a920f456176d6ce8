from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.aws.event_names import page_of_event_names
from footfall.domain.catalogue import EventName
from footfall.domain.events import Event
from tests.aws_calls import Call, Killed, recorded_calls
from tests.builders import STORE, purchase
from tests.functions.catalogue.stream import deliver, stored
from tests.moto_cloud import moto_cloud


def named(number: int, name: str) -> Event:
    return replace(purchase(number), event_name=name)


def entries() -> list[EventName]:
    return page_of_event_names(STORE, after=None, limit=500)[0]


@settings(max_examples=8)
@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=4))
def test_batches_in_any_order_and_again_end_in_the_same_catalogue(
    order: Sequence[int], again: Sequence[int]
) -> None:
    def delivered(sequence: Sequence[int]) -> list[EventName]:
        with moto_cloud():
            batches = [
                stored(
                    named(2 * number, "viewed"),
                    named(2 * number + 1, f"name {number % 3}"),
                    first=2 * number + 1,
                )
                for number in range(6)
            ]
            for number in sequence:
                assert deliver(batches[number]) == []
            return [replace(entry, counted=()) for entry in entries()]

    assert delivered([*order, *again]) == delivered(range(6))


def test_whichever_call_it_dies_after_the_redelivered_batch_counts_once() -> None:
    def catalogue_after_death(die_after: int | None) -> tuple[list[EventName], int]:
        with moto_cloud():
            records = stored(*(named(number, f"name {number % 3}") for number in range(9)))
            with recorded_calls(die_after=die_after) as calls:
                if die_after is None:
                    deliver(records)
                else:
                    with pytest.raises(Killed):
                        deliver(records)
            if die_after is not None:
                deliver(records)
            return entries(), len(calls)

    undisturbed, number_of_calls = catalogue_after_death(None)
    assert number_of_calls == 6
    for die_after in range(1, number_of_calls + 1):
        assert catalogue_after_death(die_after)[0] == undisturbed


def told(calls: Sequence[Call]) -> set[str]:
    """Return what the bus heard."""
    return {
        entry["Detail"]
        for operation, parameters in calls
        if operation == "PutEvents"
        for entry in parameters["Entries"]
    }


def test_whichever_call_it_dies_after_the_bus_hears_of_every_event() -> None:
    def seen_after_death(die_after: int | None) -> tuple[list[EventName], set[str], int]:
        with moto_cloud():
            records = stored(*(named(number, f"name {number % 3}") for number in range(25)))
            with recorded_calls(die_after=die_after) as calls:
                if die_after is None:
                    deliver(records, tells=True)
                else:
                    with pytest.raises(Killed):
                        deliver(records, tells=True)
            with recorded_calls() as again:
                if die_after is not None:
                    deliver(records, tells=True)
            return entries(), told([*calls, *again]), len(calls)

    counted, heard, number_of_calls = seen_after_death(None)
    assert (len(counted), len(heard), number_of_calls) == (3, 25, 9)
    for die_after in range(1, number_of_calls + 1):
        assert seen_after_death(die_after)[:2] == (counted, heard)
