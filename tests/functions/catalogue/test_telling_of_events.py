import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from footfall.aws.event_bus import MAX_ENTRY_BYTES
from footfall.aws.event_names import page_of_event_names
from footfall.aws.timeline import MAX_INLINE_BYTES
from footfall.domain.events import Event
from footfall.domain.values import JsonValue
from footfall.invocations import StreamRecord
from tests.aws_calls import Call, CarryOut, around_every_call, recorded_calls
from tests.builders import NOON, STORE, purchase
from tests.functions.catalogue.stream import CUSTOMER, deliver, stored
from tests.moto_cloud import moto_cloud


@pytest.fixture(autouse=True)
def _cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("footfall.aws.attempts.time.sleep", lambda _: None)
    with moto_cloud():
        yield


def counts() -> dict[str, int]:
    entries, _ = page_of_event_names(STORE, after=None, limit=500)
    return {entry.name: entry.count for entry in entries}


def entries(calls: list[Call]) -> list[dict[str, Any]]:
    return [
        entry
        for operation, parameters in calls
        if operation == "PutEvents"
        for entry in parameters["Entries"]
    ]


def told(*events: Event) -> list[dict[str, Any]]:
    records = stored(*events)
    with recorded_calls() as calls:
        assert deliver(records, tells=True) == []
    return [json.loads(entry["Detail"], parse_float=Decimal) for entry in entries(calls)]


def without(record: StreamRecord, attribute: str) -> StreamRecord:
    image = dict(record["dynamodb"]["NewImage"])
    del image[attribute]
    return {"dynamodb": {**record["dynamodb"], "NewImage": image}}


def test_the_bus_hears_nothing_unless_the_stage_wants_it() -> None:
    records = stored(purchase(1))
    with recorded_calls() as calls:
        deliver(records)
    assert entries(calls) == []


def test_the_bus_hears_of_a_stored_event() -> None:
    records = stored(replace(purchase(1, unique_id="o-1"), extra={"hidden": [1]}))
    with recorded_calls() as calls:
        deliver(records, tells=True)

    (entry,) = entries(calls)
    assert (entry["Source"], entry["DetailType"]) == ("footfall", "event.stored")
    assert entry["Time"] == NOON + timedelta(hours=1, minutes=1)
    assert json.loads(entry["Detail"], parse_float=Decimal) == {
        "eventId": "00000000-0000-7000-8000-000000000001",
        "storeId": STORE,
        "customerId": CUSTOMER,
        "eventName": "purchase_completed",
        "eventTimestamp": "2026-04-02T12:01:00Z",
        "receivedAt": "2026-04-02T13:01:00Z",
        "source": "redo",
        "data": {"category": "apparel", "item_count": 3, "$extra": {"hidden": [1]}},
        "value": Decimal("149.99"),
        "valueCurrency": "USD",
        "uniqueId": "o-1",
    }


def test_an_event_of_few_words() -> None:
    event = replace(purchase(1), data={}, value=None, value_currency=None)
    (document,) = told(event)
    assert set(document) == {
        *("eventId", "storeId", "customerId", "eventName"),
        *("eventTimestamp", "receivedAt", "source"),
    }


def test_the_profile_stays_at_home() -> None:
    assert "Topsecret" not in str(told(purchase(1, profile={"firstName": "Topsecret"})))


def test_a_body_in_the_bucket_is_not_read_for_the_bus() -> None:
    large = purchase(1, unique_id="o-1", data={"text": "x" * MAX_INLINE_BYTES})
    records = stored(large)
    with recorded_calls() as calls:
        deliver(records, tells=True)

    (entry,) = entries(calls)
    document = json.loads(entry["Detail"], parse_float=Decimal)
    assert document["dataOmitted"] is True
    assert "data" not in document
    assert (document["value"], document["uniqueId"]) == (Decimal("149.99"), "o-1")
    assert "GetObject" not in [operation for operation, _ in calls]


def test_data_that_no_entry_can_hold_stay_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.aws.timeline.MAX_INLINE_BYTES", 2 * MAX_ENTRY_BYTES)
    (document,) = told(purchase(1, data={"text": "x" * MAX_ENTRY_BYTES}))
    assert document["dataOmitted"] is True
    assert "data" not in document


@pytest.mark.parametrize(
    "number",
    [2**63, -(2**63) - 1, Decimal("1E+40"), 10**37, [1, {"inner": 2**63}]],
    ids=str,
)
def test_integers_that_the_bus_does_not_carry_stay_at_home(number: JsonValue) -> None:
    (document,) = told(purchase(1, data={"number": number}))
    assert "data" not in document
    assert (document["dataOmitted"], document["value"]) == (True, Decimal("149.99"))


@pytest.mark.parametrize("value", [2**63, Decimal("1E+30")])
def test_a_value_that_the_bus_does_not_carry_stays_at_home(value: Decimal | int) -> None:
    (document,) = told(replace(purchase(1), value=value))
    assert "value" not in document
    assert (document["dataOmitted"], document["data"]["item_count"]) == (True, 3)


@pytest.mark.parametrize(
    "number", [2**63 - 1, -(2**63), Decimal("0.5"), Decimal("12345678901234567890.125"), True]
)
def test_every_other_number_travels_as_it_is(number: JsonValue) -> None:
    (document,) = told(purchase(1, data={"number": number}))
    assert document["data"] == {"number": number}


def test_a_redelivered_batch_counts_once_and_tells_the_same() -> None:
    records = stored(purchase(1), purchase(2))
    with recorded_calls() as calls:
        deliver(records, tells=True)
        deliver(records, tells=True)

    first, second, *again = entries(calls)
    assert again == [first, second]
    assert counts() == {"purchase_completed": 2}


def test_a_bus_that_does_not_take_it_now_hands_the_whole_batch_back() -> None:
    records = stored(*(purchase(n) for n in range(12)))

    def refuse_the_last(carry_out: CarryOut, call: Call) -> object:
        response: Any = carry_out()
        if call[0] == "PutEvents" and len(call[1]["Entries"]) < 10:
            failures = [{"ErrorCode": "ThrottlingException"} for _ in call[1]["Entries"]]
            return {"FailedEntryCount": len(failures), "Entries": failures}
        return response

    with around_every_call(refuse_the_last):
        assert deliver(records, tells=True) == [records[0]["dynamodb"]["SequenceNumber"]]
    assert deliver(records, tells=True) == []
    assert counts() == {"purchase_completed": 12}


def test_an_event_that_cannot_be_told_blocks_nobody(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    one, bad, refused = stored(purchase(1), purchase(2), purchase(3))

    def refuse_the_last(carry_out: CarryOut, call: Call) -> object:
        response: Any = carry_out()
        if call[0] == "PutEvents":
            response["Entries"][-1] = {"ErrorCode": "MalformedDetail", "ErrorMessage": "secret"}
        return response

    with around_every_call(refuse_the_last), recorded_calls() as calls:
        assert deliver([one, without(bad, "received_at"), refused], tells=True) == []

    assert len(entries(calls)) == 2
    assert counts() == {"purchase_completed": 3}
    assert [(vars(line)["sequence_number"], vars(line)["reason"]) for line in caplog.records] == [
        (bad["dynamodb"]["SequenceNumber"], "KeyError"),
        (refused["dynamodb"]["SequenceNumber"], "events.PutEvents: MalformedDetail"),
    ]
    assert json.loads(capsys.readouterr().out)["BusEntriesRefused"] == [2.0]
