import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest

from footfall.aws.event_names import page_of_event_names, read_event_name
from footfall.aws.timeline import MAX_INLINE_BYTES
from footfall.domain.catalogue import EventName
from footfall.domain.events import Event
from footfall.domain.properties import PropertyType
from footfall.invocations import StreamRecord
from tests.aws_calls import recorded_calls
from tests.builders import NOON, STORE, purchase
from tests.functions.catalogue.stream import deliver, stored
from tests.moto_cloud import moto_cloud

OTHER_STORE = "store-b"


@pytest.fixture(autouse=True)
def _cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def named(number: int, name: str, store_id: str = STORE) -> Event:
    return replace(purchase(number, store_id=store_id), event_name=name)


def entries(store_id: str = STORE) -> list[EventName]:
    return page_of_event_names(store_id, after=None, limit=500)[0]


def counts(store_id: str = STORE) -> dict[str, int]:
    return {entry.name: entry.count for entry in entries(store_id)}


def test_a_batch_is_counted_by_store_and_name() -> None:
    records = stored(
        named(1, "viewed"),
        named(2, "bought"),
        named(3, "viewed"),
        named(4, "viewed", OTHER_STORE),
    )

    assert deliver(records) == []
    assert counts() == {"bought": 1, "viewed": 2}
    assert counts(OTHER_STORE) == {"viewed": 1}


def test_one_write_for_each_name_in_the_batch() -> None:
    records = stored(*(named(number, "viewed" if number % 2 else "bought") for number in range(50)))
    with recorded_calls() as calls:
        deliver(records)

    assert [operation for operation, _ in calls] == ["GetItem", "PutItem"] * 2


def test_first_and_last_seen_go_by_the_time_of_the_event() -> None:
    deliver(stored(purchase(5, minute=5), purchase(6, minute=-90), purchase(7, minute=1)))

    (entry,) = entries()
    assert entry.first_seen == NOON - timedelta(minutes=90)
    assert entry.last_seen == NOON + timedelta(minutes=5)


def test_every_type_is_seen_and_extra_is_not() -> None:
    first = purchase(
        1,
        data={
            "text": "Gold",
            "number": Decimal("1.50"),
            "boolean": False,
            "date": "2026-04-02T12:00:00Z",
            "list": [1, "a"],
            "object": {"inner": 1},
        },
    )
    records = stored(replace(first, extra={"hidden": 1}), purchase(2, data={"text": 3}))

    deliver(records)

    (entry,) = entries()
    assert entry.properties == {
        "text": {PropertyType.STRING, PropertyType.NUMBER},
        "number": {PropertyType.NUMBER},
        "boolean": {PropertyType.BOOLEAN},
        "date": {PropertyType.DATE},
        "list": {PropertyType.LIST},
        "object": {PropertyType.OBJECT},
    }


def test_an_event_without_properties_counts() -> None:
    deliver(stored(replace(purchase(1), data={})))

    (entry,) = entries()
    assert (entry.count, entry.properties) == (1, {})


def test_an_event_whose_body_lies_in_s3_is_seen_with_its_properties() -> None:
    large = purchase(1, data={"text": "x" * MAX_INLINE_BYTES, "total": 7})
    with recorded_calls() as calls:
        records = stored(large)
        deliver(records)

    (entry,) = entries()
    assert entry.properties == {"text": {PropertyType.STRING}, "total": {PropertyType.NUMBER}}
    assert "GetObject" not in [operation for operation, _ in calls]


def test_a_redelivered_batch_counts_once() -> None:
    records = stored(purchase(1), purchase(2), purchase(3))
    for _ in range(3):
        deliver(records)

    assert counts() == {"purchase_completed": 3}


def test_a_batch_that_comes_again_with_more_records_counts_the_new_ones() -> None:
    records = stored(purchase(1), purchase(2), purchase(3))
    deliver(records[:2])
    deliver(records)

    assert counts() == {"purchase_completed": 3}


def broken(record: StreamRecord, fault: str) -> StreamRecord:
    image = dict(record["dynamodb"]["NewImage"])
    match fault:
        case "no name":
            del image["event_name"]
        case "a number for a name":
            image["event_name"] = {"N": "1"}
        case "a foreign key":
            image["sk"] = {"S": "PROFILE"}
        case "no instant":
            image["sk"] = {"S": "yesterday#1"}
        case "properties that are none":
            image["data"] = {"S": "text"}
        case "types that are none":
            image["property_types"] = {"M": {"a": {"S": "colour"}}}
        case "another attribute type":
            image["data"] = cast("dict[str, str]", {"X": "1"})  # type: ignore[assignment]
        case "a name that no key can hold":
            image["event_name"] = {"S": "n" * 2_000}
    return {"dynamodb": {**record["dynamodb"], "NewImage": image}}


@pytest.mark.parametrize(
    "fault",
    [
        "no name",
        "a number for a name",
        "a foreign key",
        "no instant",
        "properties that are none",
        "types that are none",
        "another attribute type",
        "a name that no key can hold",
    ],
)
def test_a_record_that_cannot_be_read_blocks_nobody(
    fault: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    one, bad, two = stored(purchase(1), purchase(2), purchase(3))

    assert deliver([one, broken(bad, fault), two]) == []

    assert counts() == {"purchase_completed": 2}
    (line,) = caplog.records
    assert int(vars(line)["sequence_number"]) == int(bad["dynamodb"]["SequenceNumber"])
    assert json.loads(capsys.readouterr().out)["StreamRecordsLeftOut"] == [1.0]


def test_nothing_of_an_event_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    secret = purchase(1, profile={"firstName": "Topsecret"}, data={"Topsecret": "Topsecret"})
    (record,) = stored(secret)
    deliver([broken(record, "properties that are none"), record])

    assert caplog.records
    assert "Topsecret" not in str([vars(line) for line in caplog.records])


def test_a_transient_error_hands_the_batch_back_from_its_first_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = stored(named(1, "viewed"), named(2, "bought"), named(3, "viewed"))
    with monkeypatch.context() as patch:
        patch.setenv("EVENT_NAMES_TABLE", "there-is-no-such-table")
        assert deliver(records) == [records[0]["dynamodb"]["SequenceNumber"]]
    assert deliver(records) == []

    assert counts() == {"bought": 1, "viewed": 2}


def test_an_unreadable_first_record_does_not_hide_where_a_batch_begins() -> None:
    bad, one, two = stored(purchase(1), purchase(2), purchase(3))
    records = [broken(bad, "no name"), one, two]
    deliver(records)
    deliver(records)

    entry = read_event_name(STORE, "purchase_completed")
    assert entry is not None
    assert entry.count == 2
    assert entry.counted[0].first_record == int(bad["dynamodb"]["SequenceNumber"])
