"""Events too large for SQS or for DynamoDB travel and stay in S3, and come back whole."""

import pytest

from tests.e2e.store import Json, Store

STRING_BYTES = 95_000


@pytest.mark.parametrize("strings", [4, 52], ids=["380 KB", "almost 5 MB"])
def test_a_large_event_comes_back_whole(store: Store, strings: int) -> None:
    event: Json = {
        "eventName": "Imported",
        "customer": {"email": "ada@example.com"},
        "uniqueId": "large",
        "value": 12.34,
        "data": {f"Part {part}": f"{part:02}" * (STRING_BYTES // 2) for part in range(strings)},
    }
    assert store.send(event).status_code == 202
    settled = store.settled("large")
    assert settled["status"] == "stored"
    (stored,) = store.timeline(settled["customerId"])
    assert stored["data"] == event["data"]
    assert stored["value"] == 12.34


def test_a_large_bulk_request_arrives_as_well(store: Store) -> None:
    events: list[Json] = [
        {
            "eventName": "Imported",
            "customer": {"email": "ada@example.com"},
            "data": {"Text": f"{number:02}" * (STRING_BYTES // 4)},
        }
        for number in range(40)
    ]
    assert store.send_bulk(events).status_code == 202
    timeline = store.timeline_of(40, email="ada@example.com")
    assert sorted(event["data"]["Text"][:2] for event in timeline) == [
        f"{number:02}" for number in range(40)
    ]
