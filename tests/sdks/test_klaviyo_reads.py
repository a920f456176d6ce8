"""Klaviyo's SDKs for Python and Node read back what they sent."""

import re
from typing import Any

import pytest

from tests.e2e.store import Store
from tests.sdks.klaviyo_calls import Telling, create_event, create_events
from tests.sdks.sdk import KLAVIYO_NODE, KLAVIYO_PYTHON, Call, Place, Sdk, call

ADA = "ada@example.com"
GRACE = "grace@example.com"

pytestmark = pytest.mark.parametrize("sdk", [KLAVIYO_PYTHON, KLAVIYO_NODE], ids=str)


def test_the_profile_of_an_email_is_found(sdk: Sdk, place: Place, store: Store) -> None:
    _send(sdk, place, store)
    found = _read(sdk, place, store, "Profiles.get_profiles", filter=f'equals(email,"{ADA}")')
    (profile,) = found["data"]
    assert profile["id"] == store.customer(email=ADA)["id"]
    assert profile["attributes"]["email"] == ADA
    assert _attribute(profile, "first_name") == "Ada"

    same = _read(sdk, place, store, "Profiles.get_profile", profile["id"])
    assert same["data"]["attributes"]["email"] == ADA


def test_the_events_of_a_profile_are_read_with_their_metrics(
    sdk: Sdk, place: Place, store: Store
) -> None:
    _send(sdk, place, store)
    ada = store.customer(email=ADA)["id"]
    found = _read(
        sdk,
        place,
        store,
        "Events.get_events",
        filter=f'equals(profile_id,"{ada}")',
        include=["metric"],
        sort="-datetime",
    )
    names = {metric["id"]: metric["attributes"]["name"] for metric in found["included"]}
    assert [names[_related(event, "metric")] for event in found["data"]] == ["Bought", "Viewed"]
    assert {_related(event, "profile") for event in found["data"]} == {ada}
    bought = found["data"][0]
    assert _attribute(bought, "event_properties")["ProductName"] == "Winnie the Pooh"

    same = _read(sdk, place, store, "Events.get_event", bought["id"])
    assert same["data"]["id"] == bought["id"]


def test_pages_follow_each_other(sdk: Sdk, place: Place, store: Store) -> None:
    _send(sdk, place, store)
    ada = store.customer(email=ADA)["id"]
    asked: dict[str, object] = {"filter": f'equals(profile_id,"{ada}")', "page_size": 1}
    first = _read(sdk, place, store, "Events.get_events", **asked)
    following = first["links"]["next"]
    second = _read(sdk, place, store, "Events.get_events", **asked, page_cursor=following)
    assert len({event["id"] for page in (first, second) for event in page["data"]}) == 2
    assert not second["links"].get("next")


def test_the_metrics_are_the_names_of_events(sdk: Sdk, place: Place, store: Store) -> None:
    _send(sdk, place, store)
    assert store.counted("Viewed", 2)
    assert store.counted("Bought", 1)
    found = _read(sdk, place, store, "Metrics.get_metrics")
    metrics = {metric["attributes"]["name"]: metric["id"] for metric in found["data"]}
    assert metrics.keys() >= {"Viewed", "Bought"}

    same = _read(sdk, place, store, "Metrics.get_metric", metrics["Bought"])
    assert same["data"]["attributes"]["name"] == "Bought"


def _send(sdk: Sdk, place: Place, store: Store) -> None:
    sdk.call(
        place,
        store.api_key,
        create_event(sdk, Telling(ADA, "Viewed", "view-1", time="2026-01-01T00:00:00Z")),
        create_events(sdk, Telling(ADA, "Bought", "order-1"), Telling(GRACE, "Viewed", "view-2")),
    )
    store.timeline_of(2, email=ADA)
    store.timeline_of(1, email=GRACE)


def _read(
    sdk: Sdk, place: Place, store: Store, method: str, *arguments: object, **asked: object
) -> dict[str, Any]:
    """Make one call that reads, named as in Python, and return the document."""
    document: dict[str, Any]
    (document,) = sdk.call(place, store.api_key, _in_words_of(sdk, method, arguments, asked))
    return document


def _in_words_of(
    sdk: Sdk, method: str, arguments: tuple[object, ...], asked: dict[str, object]
) -> Call:
    if sdk is KLAVIYO_PYTHON:
        return call(method, *arguments, **asked)
    options = {_camel_case(name): value for name, value in asked.items()}
    return call(_camel_case(method), *arguments, *([options] if options else []))


def _attribute(resource: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    attributes = resource["attributes"]
    return attributes[name] if name in attributes else attributes[_camel_case(name)]


def _related(event: dict[str, Any], kind: str) -> str:
    related: str = event["relationships"][kind]["data"]["id"]
    return related


def _camel_case(name: str) -> str:
    return re.sub("_(.)", lambda letter: letter[1].upper(), name)
