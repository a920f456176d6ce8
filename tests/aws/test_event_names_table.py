from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from footfall.aws import event_names
from footfall.aws.event_names import page_of_event_names, read_event_name, record_sightings
from footfall.domain.catalogue import EventName, Sighting
from footfall.domain.properties import PropertyType
from footfall.errors import ConflictError
from footfall.settings import Setting
from tests.aws_calls import recorded_calls
from tests.moto_cloud import all_items, moto_cloud

NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)
STORE = "store-a"


@pytest.fixture(autouse=True)
def _cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def sighting(number: int, properties: Mapping[str, PropertyType] | None = None) -> Sighting:
    return Sighting(number, NOON + timedelta(minutes=number), properties or {})


def test_an_entry_is_read_as_it_was_written() -> None:
    properties = {
        "Total Spent": PropertyType.NUMBER,
        "count": PropertyType.STRING,
        "a.b#c[0]": PropertyType.LIST,
        ":é": PropertyType.OBJECT,
    }
    record_sightings(STORE, "Order #1 placed", 7, [sighting(8, properties)])

    entry = read_event_name(STORE, "Order #1 placed")

    assert entry is not None
    assert (entry.name, entry.count) == ("Order #1 placed", 1)
    assert entry.first_seen == entry.last_seen == NOON + timedelta(minutes=8)
    assert entry.properties == {name: {one} for name, one in properties.items()}
    assert [(one.first_record, one.last_sighting) for one in entry.counted] == [(7, 8)]


def test_a_batch_that_comes_again_writes_nothing() -> None:
    record_sightings(STORE, "viewed", 1, [sighting(1), sighting(2)])
    with recorded_calls() as calls:
        record_sightings(STORE, "viewed", 1, [sighting(1), sighting(2)])

    assert [operation for operation, _ in calls] == ["GetItem"]


def test_a_batch_takes_one_write_however_many_events_it_holds() -> None:
    with recorded_calls() as calls:
        record_sightings(STORE, "viewed", 1, [sighting(number) for number in range(1, 500)])

    assert [operation for operation, _ in calls] == ["GetItem", "PutItem"]


@pytest.mark.parametrize("known_before", [False, True])
def test_whoever_was_slower_counts_on_from_the_faster(
    monkeypatch: pytest.MonkeyPatch, *, known_before: bool
) -> None:
    if known_before:
        record_sightings(STORE, "viewed", 1, [sighting(1)])
    read = event_names.read_event_name
    rivals = iter([10, 20])

    def overtaken(store_id: str, name: str) -> EventName | None:
        present = read(store_id, name)
        rival = next(rivals, None)
        if rival:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(event_names, "read_event_name", read)
                record_sightings(store_id, name, rival, [sighting(rival)])
        return present

    monkeypatch.setattr(event_names, "read_event_name", overtaken)
    record_sightings(STORE, "viewed", 30, [sighting(30)])

    entry = read(STORE, "viewed")
    assert entry is not None
    assert entry.count == 3 + known_before
    assert entry.last_seen == NOON + timedelta(minutes=30)


def test_a_contended_name_is_a_transient_error(monkeypatch: pytest.MonkeyPatch) -> None:
    record_sightings(STORE, "viewed", 1, [sighting(1)])
    monkeypatch.setattr(event_names, "read_event_name", lambda *_: None)

    with pytest.raises(ConflictError):
        record_sightings(STORE, "viewed", 2, [sighting(2)])


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 8, 100])
def test_pages_walk_every_name_of_the_store_once(limit: int) -> None:
    names = sorted(["Zoo", "a", "ab", "é", "Ω", "b", "order placed"], key=str.encode)
    for name in names:
        record_sightings(STORE, name, 1, [sighting(1)])
        record_sightings("store-b", f"{name} of another", 1, [sighting(1)])

    walked: list[str] = []
    after: str | None = None
    while True:
        entries, after = page_of_event_names(STORE, after=after, limit=limit)
        assert 1 <= len(entries) <= limit
        walked += [entry.name for entry in entries]
        if after is None:
            break

    assert walked == names


def test_the_largest_entry_stays_far_below_what_an_item_can_hold() -> None:
    every_type = [
        sighting(1, {f"{number:04}{'n' * 60}": one for number in range(1_100)})
        for one in PropertyType
    ]
    record_sightings(STORE, "n" * 255, 1, every_type)

    (item,) = all_items(Setting.EVENT_NAMES_TABLE)
    assert 100_000 < _size(item) < 200_000


def _size(value: Any) -> int:  # noqa: ANN401  # an item, or a part of one
    match value:
        case str():
            return len(value.encode())
        case dict():
            return 3 + sum(1 + _size(name) + _size(one) for name, one in value.items())
        case list():
            return 3 + sum(1 + _size(one) for one in value)
        case _:
            return 21
