from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.domain import catalogue
from footfall.domain.catalogue import (
    MAX_CATALOGUED_BYTES,
    MAX_CATALOGUED_PROPERTIES,
    REMEMBERED_BATCHES,
    EventName,
    Sighting,
    count_sightings,
)
from footfall.domain.properties import PropertyType

NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)
NAME = "purchase_completed"

Batch = Sequence[Sighting]


def sighting(number: int, minute: int = 0, **properties: PropertyType) -> Sighting:
    return Sighting(number, NOON + timedelta(minutes=minute), properties)


def deliver(batches: Sequence[Batch], entry: EventName | None = None) -> EventName | None:
    for batch in batches:
        entry = count_sightings(NAME, entry, batch[0].sequence_number, batch)
    return entry


@st.composite
def batches_of_a_stream(draw: st.DrawFn) -> list[Batch]:
    """Up to as many batches as are remembered, numbered on and on."""
    properties = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(PropertyType))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=REMEMBERED_BATCHES))
    numbers = iter(range(1, sum(sizes) + 1))
    return [
        [
            Sighting(
                next(numbers),
                NOON + timedelta(minutes=draw(st.integers(-100, 100))),
                draw(properties),
            )
            for _ in range(size)
        ]
        for size in sizes
    ]


def without_memory(entry: EventName | None) -> EventName | None:
    return entry and replace(entry, counted=())


@given(st.data(), batches_of_a_stream())
def test_any_order_and_any_redelivery_give_the_same_entry(
    data: st.DataObject, batches: list[Batch]
) -> None:
    once = deliver(batches)
    again = data.draw(st.lists(st.sampled_from(batches)))
    shuffled = data.draw(st.permutations([*batches, *again]))

    assert without_memory(deliver(shuffled)) == without_memory(once)


@given(st.data(), batches_of_a_stream())
def test_a_batch_may_come_again_longer_or_shorter(
    data: st.DataObject, batches: list[Batch]
) -> None:
    shorter = [batch[: data.draw(st.integers(1, len(batch)))] for batch in batches]

    assert without_memory(deliver([*shorter, *batches, *shorter])) == without_memory(
        deliver(batches)
    )


@given(st.data(), batches_of_a_stream())
def test_the_bounded_properties_do_not_depend_on_the_order(
    data: st.DataObject, batches: list[Batch]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "MAX_CATALOGUED_PROPERTIES", 3)
        shuffled = deliver(data.draw(st.permutations(batches)))
        once = deliver(batches)

    assert without_memory(shuffled) == without_memory(once)
    assert once is not None
    assert len(once.properties) <= 3


def test_an_entry_tells_count_first_last_and_types() -> None:
    entry = deliver(
        [
            [sighting(1, 5, total=PropertyType.NUMBER), sighting(2, 1, total=PropertyType.STRING)],
            [sighting(3, 9, at=PropertyType.DATE)],
        ]
    )

    assert entry is not None
    assert entry.count == 3
    assert entry.first_seen == NOON + timedelta(minutes=1)
    assert entry.last_seen == NOON + timedelta(minutes=9)
    assert entry.properties == {
        "total": {PropertyType.NUMBER, PropertyType.STRING},
        "at": {PropertyType.DATE},
    }


def test_a_batch_counted_before_changes_nothing() -> None:
    batch = [sighting(1), sighting(2)]
    entry = deliver([batch])

    assert deliver([batch], entry) is entry


def test_the_memory_is_bounded() -> None:
    entry = deliver([[sighting(number)] for number in range(1, 100)])

    assert entry is not None
    assert len(entry.counted) == REMEMBERED_BATCHES
    assert entry.counted[-1].first_record == 99


def test_more_properties_than_fit_are_left_out() -> None:
    many = {f"p{number:05}": PropertyType.STRING for number in range(3_000)}
    entry = deliver([[Sighting(1, NOON, many)]])

    assert entry is not None
    assert list(entry.properties) == list(many)[:MAX_CATALOGUED_PROPERTIES]


def test_long_property_names_are_left_out_once_they_no_longer_fit() -> None:
    long = {f"{number:03}{'é' * 252}": PropertyType.STRING for number in range(400)}
    entry = deliver([[Sighting(1, NOON, long)]])

    assert entry is not None
    size = sum(len(name.encode()) for name in entry.properties)
    assert MAX_CATALOGUED_BYTES - 1_000 < size <= MAX_CATALOGUED_BYTES
