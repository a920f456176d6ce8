"""Klaviyo's SDKs for Python and Node send to Footfall as they send to Klaviyo."""

import json
from typing import Any

import pytest

from tests.e2e.segments import Segments
from tests.e2e.store import Store
from tests.sdks.failing_gateway import FailingGateway, Refusals
from tests.sdks.klaviyo_calls import Telling, create_event, create_events
from tests.sdks.sdk import (
    KLAVIYO_NODE,
    KLAVIYO_PYTHON,
    KLAVIYO_PYTHON_FLAT,
    UNKNOWN_KEY,
    Place,
    Sdk,
)

ADA = "ada@example.com"
GRACE = "grace@example.com"

of_each_sdk = pytest.mark.parametrize(
    "sdk", [KLAVIYO_PYTHON, KLAVIYO_PYTHON_FLAT, KLAVIYO_NODE], ids=str
)
of_each_sdk_of_today = pytest.mark.parametrize("sdk", [KLAVIYO_PYTHON, KLAVIYO_NODE], ids=str)


@of_each_sdk
def test_an_event_is_on_the_timeline_and_in_a_segment(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    segments.put("viewers", {"event": "Viewed Product", "sum": {"of": "value", "gte": 9.99}})
    viewed = create_event(sdk, Telling(ADA, "Viewed Product", "view-1"))
    sdk.call(place, store.api_key, viewed, viewed)

    ada = store.customer(email=ADA)
    assert ada["firstName"] == "Ada"
    segments.come_to("viewers", ada["id"])
    (event,) = store.timeline(ada["id"])
    assert event["eventName"] == "Viewed Product"
    assert event["source"] == "klaviyo"
    assert event["value"] == 9.99
    assert event["data"] == {
        "ProductName": "Winnie the Pooh",
        "Categories": ["Fiction", "Children"],
    }


@of_each_sdk_of_today
def test_a_bulk_of_events_reaches_everybody(
    sdk: Sdk, place: Place, store: Store, segments: Segments
) -> None:
    segments.put("viewers", {"event": "Viewed Product"})
    bulk = create_events(
        sdk,
        Telling(ADA, "Viewed Product", "view-1"),
        Telling(GRACE, "Viewed Product", "view-2"),
    )
    sdk.call(place, store.api_key, bulk)
    people = [store.customer(email=email)["id"] for email in (ADA, GRACE)]
    segments.come_to("viewers", *people)
    assert [len(store.timeline(one)) for one in people] == [1, 1]


@of_each_sdk
def test_an_event_that_was_refused_is_sent_again(
    sdk: Sdk, refusals: Refusals, gateway: FailingGateway, store: Store
) -> None:
    gateway.refuse(*refusals)
    sdk.call(
        gateway.place, store.api_key, create_event(sdk, Telling(ADA, "Viewed Product", "view-1"))
    )
    assert gateway.statuses("POST") == [429, 503, 202]
    assert len(store.timeline_of(1, email=ADA)) == 1


@of_each_sdk
def test_an_unknown_key_is_told_as_klaviyo_does(sdk: Sdk, place: Place) -> None:
    error = sdk.fail(
        place, UNKNOWN_KEY, create_event(sdk, Telling(ADA, "Viewed Product", "view-1"))
    )
    assert error["status"] == 401
    (told,) = _errors(error["body"])
    assert told["code"] == "not_authenticated"
    assert "API key" in told["detail"]
    if sdk is not KLAVIYO_NODE:  # which shows the status alone, and keeps the answer
        assert told["detail"] in error["text"]


@of_each_sdk
def test_a_fault_in_an_event_is_told_with_its_place(sdk: Sdk, place: Place, store: Store) -> None:
    too_long = "x" * 200
    error = sdk.fail(place, store.api_key, create_event(sdk, Telling(ADA, too_long, "view-1")))
    assert error["status"] == 400
    (told,) = _errors(error["body"])
    assert told["code"] == "invalid"
    assert told["title"] == "Invalid input."
    assert told["source"]["pointer"].startswith("/data/attributes/metric")
    assert "127" in told["detail"] or "128" in told["detail"]


@of_each_sdk_of_today
def test_a_fault_in_a_bulk_is_told_with_the_number_of_its_item(
    sdk: Sdk, place: Place, store: Store
) -> None:
    bulk = create_events(
        sdk, Telling(ADA, "Viewed Product", "view-1"), Telling(GRACE, "x" * 200, "view-2")
    )
    error = sdk.fail(place, store.api_key, bulk)
    assert error["status"] == 400
    (told,) = _errors(error["body"])
    assert told["source"]["pointer"].startswith("/data/attributes/events-bulk-create/data/1/")


def _errors(body: object) -> list[dict[str, Any]]:
    """Return the errors of JSON:API, which the SDK for Python hands over as text."""
    document = json.loads(body) if isinstance(body, str) else body
    assert isinstance(document, dict)
    errors: list[dict[str, Any]] = document["errors"]
    return errors
