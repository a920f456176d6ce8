"""Customer.io's Track SDKs for Python and Node send to Footfall as they send to Customer.io."""

import json

import pytest

from tests.e2e.polling import eventually
from tests.e2e.segments import Segments
from tests.e2e.store import Json, Store
from tests.sdks.failing_gateway import FailingGateway, Refusals
from tests.sdks.sdk import TRACK_NODE, TRACK_PYTHON, UNKNOWN_KEY, Place, Sdk, call
from tests.sdks.timelines import deeds
from tests.sdks.track_calls import WORDS

ADA = "ada@example.com"
ULID = "01HB4HBDKTFWYZCK01DMRSWRFD"
_NO_DATA = {"seen": True}

of_each_sdk = pytest.mark.parametrize("sdk", [TRACK_PYTHON, TRACK_NODE], ids=str)


@of_each_sdk
def test_people_and_what_they_do_are_on_the_timeline_and_in_a_segment(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    say = WORDS[sdk]
    bought = {
        "event": "Bought",
        "where": {"property": "data.items[].price", "op": "gte", "value": 23},
    }
    segments.put(
        "buyers",
        {"all": [bought, {"attribute": "customFields.plan", "op": "eq", "value": "premium"}]},
    )
    purchase = say.track(
        "ada 1/5", "Bought", {"items": [{"price": 23.45}]}, id=ULID, timestamp=1_790_000_000
    )
    sdk.call(
        place,
        store.api_key,
        say.identify("ada 1/5", email=ADA, first_name="Ada", plan="premium"),
        purchase,
        purchase,
        say.page("ada 1/5", "/pricing"),
    )

    pricing, first = deeds(store, 2, email=ADA)
    assert (pricing["eventName"], pricing["data"]) == ("page", {"name": "/pricing"})
    assert (first["eventName"], first["source"]) == ("Bought", "customerio")
    assert first["eventTimestamp"] == "2026-09-21T14:13:20Z"
    assert first["data"] == {"items": [{"price": 23.45}]}
    ada = store.customer(id="ada 1/5")
    assert (ada["email"], ada["firstName"], ada["customFields"]) == (
        ADA,
        "Ada",
        {"plan": "premium"},
    )
    segments.come_to("buyers", ada["id"])


@of_each_sdk
def test_what_somebody_did_joins_the_person_who_it_was(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    say = WORDS[sdk]
    segments.put("viewers", {"event": "Viewed"})
    sdk.call(
        place,
        store.api_key,
        say.track_anonymous("a-browser", "Viewed", {"page": 1}),
        say.identify("ada", email=ADA, anonymous_id="a-browser"),
    )
    (viewed,) = deeds(store, 1, email=ADA)
    assert (viewed["eventName"], viewed["data"]) == ("Viewed", {"page": 1})
    segments.come_to("viewers", store.customer(email=ADA)["id"])


@of_each_sdk
def test_devices_and_silence_are_fields_of_the_person(sdk: Sdk, place: Place, store: Store) -> None:
    say = WORDS[sdk]
    sdk.call(
        place,
        store.api_key,
        say.identify("ada", email=ADA),
        say.add_device("ada", "phone", "ios"),
        say.add_device("ada", "tablet", "android"),
        say.delete_device("ada", "tablet"),
        say.suppress("ada"),
    )
    expect_fields(store, {"device phone": "ios", "suppressed": True})
    sdk.call(place, store.api_key, say.unsuppress("ada"))
    expect_fields(store, {"device phone": "ios"})


@of_each_sdk
def test_two_people_become_one(sdk: Sdk, place: Place, store: Store, segments: Segments) -> None:
    say = WORDS[sdk]
    segments.put("regulars", {"event": "Visited", "count": {"gte": 2}})
    sdk.call(
        place,
        store.api_key,
        say.track("ada", "Visited", _NO_DATA),
        say.track("countess", "Visited", _NO_DATA),
    )
    countess = store.customer(id="countess")["id"]
    ada = store.customer(id="ada")["id"]
    assert ada != countess

    sdk.call(place, store.api_key, say.merge("ada", "countess"))
    assert len(store.timeline_of(2, id="ada")) == 2
    survivor = store.customer(id="ada")["id"]
    assert store.customer(id="countess")["id"] == survivor
    segments.come_to("regulars", survivor)


@of_each_sdk
def test_a_person_is_forgotten(sdk: Sdk, place: Place, store: Store, segments: Segments) -> None:
    say = WORDS[sdk]
    segments.put("visitors", {"event": "Visited"})
    sdk.call(
        place, store.api_key, say.identify("ada", email=ADA), say.track("ada", "Visited", _NO_DATA)
    )
    segments.come_to("visitors", store.customer(email=ADA)["id"])

    sdk.call(place, store.api_key, say.delete("ada"))
    eventually(lambda: store.http.get("/customers", params={"email": ADA}).status_code == 404)
    segments.come_to("visitors")


def test_events_of_the_past_reach_the_timeline(place: Place, store: Store) -> None:
    signed_up = call("backfill", "ada", "Signed Up", 1_561_231_234, plan="free")
    TRACK_PYTHON.call(place, store.api_key, signed_up)
    (event,) = deeds(store, 1, id="ada")
    assert event["eventTimestamp"] == "2019-06-22T19:20:34Z"
    assert event["data"] == {"plan": "free"}


def test_a_bad_item_of_a_batch_loses_no_good_one(
    place: Place, store: Store, segments: Segments
) -> None:
    segments.put("buyers", {"event": "Bought"})
    ada = {"type": "person", "identifiers": {"email": ADA}}
    batch = call(
        "batch",
        [
            {**ada, "action": "identify", "attributes": {"first_name": "Ada"}},
            {**ada, "action": "event", "name": ""},
            {**ada, "action": "event", "name": "Bought", "attributes": {"price": 23.45}},
        ],
    )
    assert TRACK_PYTHON.call(place, store.api_key, batch) == [207]
    (bought,) = deeds(store, 1, email=ADA)
    assert bought["data"] == {"price": 23.45}
    segments.come_to("buyers", store.customer(email=ADA)["id"])


def test_the_sdk_for_python_sends_again_what_was_refused(
    refusals: Refusals, gateway: FailingGateway, store: Store
) -> None:
    gateway.refuse(*refusals)
    TRACK_PYTHON.call(
        gateway.place, store.api_key, WORDS[TRACK_PYTHON].track("ada", "Visited", _NO_DATA)
    )
    assert gateway.statuses("POST") == [429, 503, 200]
    assert len(store.timeline_of(1, id="ada")) == 1


def test_the_sdk_for_node_tells_why_it_was_refused(
    refusals: Refusals, gateway: FailingGateway, store: Store
) -> None:
    # It never sends again by itself: that is left to the program.
    gateway.refuse(*refusals)
    visited = WORDS[TRACK_NODE].track("ada", "Visited", _NO_DATA)
    for refusal in refusals:
        error = TRACK_NODE.fail(gateway.place, store.api_key, visited)
        assert (error["type"], error["status"]) == ("CustomerIORequestError", refusal.status)
        assert error["text"] == json.loads(refusal.body)["detail"]
    assert gateway.statuses("POST") == [429, 503]

    TRACK_NODE.call(gateway.place, store.api_key, visited)
    assert len(store.timeline_of(1, id="ada")) == 1


@of_each_sdk
def test_an_unknown_key_is_told(sdk: Sdk, place: Place) -> None:
    error = sdk.fail(place, UNKNOWN_KEY, WORDS[sdk].track("ada", "Visited", _NO_DATA))
    assert "valid API key" in error["text"]
    assert error["text"].startswith("401: ") or error["status"] == 401


@of_each_sdk
def test_a_fault_is_told_in_the_words_of_customerio(sdk: Sdk, place: Place, store: Store) -> None:
    error = sdk.fail(place, store.api_key, WORDS[sdk].track("ada", "x" * 101, _NO_DATA))
    assert "event name cannot be longer than 100 bytes" in error["text"]
    assert error["text"].startswith("400: ") or error["status"] == 400


def expect_fields(store: Store, fields: Json) -> None:
    """Wait until Ada has exactly these custom fields."""
    eventually(lambda: store.customer(email=ADA).get("customFields") == fields)
