"""`Prefer: return=representation` accepts what is valid and tells every event's fate."""

from tests.e2e.problems import problem
from tests.e2e.store import Json, Store

GOOD: Json = {"eventName": "Visited", "customer": {"email": "ada@example.com"}}
BAD: Json = {"eventName": "Visited", "customer": {}}
PREFERENCE = {"Prefer": "return=representation"}


def test_the_valid_events_are_accepted(store: Store) -> None:
    answer = store.send_bulk(
        [GOOD | {"uniqueId": "first"}, BAD, GOOD | {"uniqueId": "third"}], **PREFERENCE
    )
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "return=representation"
    document = answer.json()
    assert (document["total"], document["accepted"], document["rejected"]) == (3, 2, 1)
    first, second, third = document["events"]
    assert [first["status"], second["status"], third["status"]] == ["queued", "rejected", "queued"]
    assert [error["pointer"] for error in second["errors"]] == ["/events/1/customer"]
    assert store.settled("first")["eventId"] == first["eventId"]
    assert store.settled("third")["eventId"] == third["eventId"]
    assert len(store.timeline_of(2, email="ada@example.com")) == 2


def test_without_one_valid_event_the_request_is_refused(store: Store) -> None:
    problem(store.send_bulk([BAD, BAD], **PREFERENCE), 400)
