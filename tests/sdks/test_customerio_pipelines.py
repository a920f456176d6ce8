"""The Pipelines SDKs of Customer.io, and Segment's, send to Footfall as to their own makers."""

import pytest

from tests.e2e.segments import Segments
from tests.e2e.store import Store
from tests.sdks.failing_gateway import FailingGateway, Refusals
from tests.sdks.pipelines_calls import say
from tests.sdks.sdk import (
    PIPELINES_NODE,
    PIPELINES_PYTHON,
    PIPELINES_PYTHON_PACKED,
    SEGMENT_PYTHON,
    UNKNOWN_KEY,
    Place,
    Sdk,
)
from tests.sdks.timelines import deeds

ADA = "ada@example.com"

of_each_sdk = pytest.mark.parametrize(
    "sdk", [PIPELINES_PYTHON, SEGMENT_PYTHON, PIPELINES_NODE], ids=str
)


@of_each_sdk
def test_people_and_what_they_do_are_on_the_timeline_and_in_a_segment(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    segments.put("buyers", {"event": "Order Completed", "sum": {"of": "data.total", "gte": 42}})
    order = say(
        sdk,
        "track",
        user_id="ada",
        event="Order Completed",
        properties={"total": 42.5, "items": [{"sku": "a"}]},
        message_id="order-1",
    )
    sdk.call(
        place,
        store.api_key,
        say(
            sdk,
            "identify",
            user_id="ada",
            traits={"email": ADA, "firstName": "Ada", "plan": "premium"},
        ),
        order,
        order,
        say(
            sdk, "page", user_id="ada", category="Shop", name="Shoes", properties={"path": "/shoes"}
        ),
        say(sdk, "screen", user_id="ada", name="Basket", properties={"size": 3}),
        say(sdk, "group", user_id="ada", group_id="analysts", traits={"size": 2}),
    )

    found = {event["eventName"]: event for event in deeds(store, 4, email=ADA)}
    assert found.keys() == {"Order Completed", "page", "screen", "group"}
    assert {event["source"] for event in found.values()} == {"pipelines"}
    assert found["Order Completed"]["data"] == {"total": 42.5, "items": [{"sku": "a"}]}
    assert found["page"]["data"]["name"] == "Shoes"
    assert found["page"]["data"]["path"] == "/shoes"
    assert found["screen"]["data"] == {"name": "Basket", "size": 3}
    assert found["group"]["data"] == {"groupId": "analysts", "size": 2}
    ada = store.customer(id="ada")
    assert (ada["email"], ada["firstName"]) == (ADA, "Ada")
    assert ada["customFields"]["plan"] == "premium"
    segments.come_to("buyers", ada["id"])


@of_each_sdk
def test_what_somebody_did_joins_the_person_who_it_was(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    segments.put("viewers", {"event": "Viewed"})
    sdk.call(
        place,
        store.api_key,
        say(sdk, "track", anonymous_id="a-browser", event="Viewed", properties={"page": 1}),
        say(sdk, "identify", user_id="ada", anonymous_id="a-browser", traits={"email": ADA}),
    )
    (viewed,) = deeds(store, 1, email=ADA)
    assert (viewed["eventName"], viewed["data"]) == ("Viewed", {"page": 1})
    segments.come_to("viewers", store.customer(email=ADA)["id"])


@of_each_sdk
def test_two_ids_become_one_person(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    segments.put("regulars", {"event": "Visited", "count": {"gte": 2}})
    sdk.call(
        place,
        store.api_key,
        say(sdk, "track", user_id="ada", event="Visited"),
        say(sdk, "track", user_id="countess", event="Visited"),
        say(sdk, "alias", previous_id="countess", user_id="ada"),
    )
    assert len(deeds(store, 2, id="ada")) == 2
    survivor = store.customer(id="ada")["id"]
    assert store.customer(id="countess")["id"] == survivor
    segments.come_to("regulars", survivor)


def test_calls_come_packed(place: Place, store: Store) -> None:
    visited = say(PIPELINES_PYTHON_PACKED, "track", user_id="ada", event="Visited")
    PIPELINES_PYTHON_PACKED.call(place, store.api_key, visited)
    assert deeds(store, 1, id="ada")


@of_each_sdk
def test_a_bad_call_loses_no_good_one(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    # A name that is too long is the one fault that each SDK lets pass. The answer is 200, as
    # Customer.io's, so that no client sends the good ones again.
    segments.put("visitors", {"event": "Visited"})
    sdk.call(
        place,
        store.api_key,
        say(sdk, "track", user_id="ada", event="x" * 1000),
        say(sdk, "track", user_id="ada", event="Visited"),
    )
    (visited,) = deeds(store, 1, id="ada")
    assert visited["eventName"] == "Visited"
    segments.come_to("visitors", store.customer(id="ada")["id"])


@of_each_sdk
def test_what_was_refused_is_sent_again(
    sdk: Sdk, refusals: Refusals, gateway: FailingGateway, store: Store
) -> None:
    gateway.refuse(*refusals)
    sdk.call(gateway.place, store.api_key, say(sdk, "track", user_id="ada", event="Visited"))
    assert gateway.statuses("POST") == [429, 503, 200]
    assert len(deeds(store, 1, id="ada")) == 1


@of_each_sdk
def test_an_unknown_key_is_told(sdk: Sdk, gateway: FailingGateway) -> None:
    error = sdk.fail(gateway.place, UNKNOWN_KEY, say(sdk, "track", user_id="ada", event="Visited"))
    if sdk is PIPELINES_NODE:  # it sends again whatever is not 400, and shows the status alone
        assert error["text"] == "[401] Unauthorized"
        assert gateway.statuses("POST") == [401] * 4
    else:
        assert error["type"] == "APIError"
        assert "valid API key" in error["text"]
        assert error["text"].endswith("(401)")
        assert gateway.statuses("POST") == [401]
