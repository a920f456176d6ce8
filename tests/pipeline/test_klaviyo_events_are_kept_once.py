"""Klaviyo's promise through the functions: one event of a profile, a metric and a unique id."""

from collections.abc import Iterator
from typing import Any

import pytest

import ingest.handler
import query.handler
from footfall.domain.strict_json import dump_json
from footfall.http.klaviyo_routes import (
    CREATE_CLIENT_EVENT,
    CREATE_EVENT,
    CREATE_EVENT_BULK_JOB,
    LIST_EVENTS,
    LIST_PROFILES,
)
from footfall.http.route import Route
from tests.contracts.klaviyo_documents import document, job, with_profile
from tests.contracts.redo_documents import OMIT
from tests.moto_cloud import moto_cloud
from tests.pipeline.processing import process_the_queue
from tests.proxy_events import json_of, proxy_event

REVISION = {"revision": "2026-07-15"}
SECOND = {"unique_id": OMIT, "time": "2026-04-02T12:00:00.2Z"}
LATER_IN_THE_SECOND = {"unique_id": OMIT, "time": "2026-04-02T12:00:00.9Z"}
VIEWED = {"metric.data.attributes.name": "Viewed Product"}
BOUGHT = {"metric.data.attributes.name": "Bought Product"}
JANE = {"email": "jane@example.com"}


@pytest.fixture(autouse=True)
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def send(body: object, route: Route = CREATE_EVENT) -> None:
    """Send a request, and let process store what it tells."""
    answer = ingest.handler.handler(proxy_event(route, dump_json(body), headers=REVISION), None)
    assert answer["statusCode"] == 202
    process_the_queue()


def read(route: Route, **asked: str) -> list[dict[str, Any]]:
    answer = query.handler.handler(proxy_event(route, query=asked, headers=REVISION), None)
    assert answer["statusCode"] == 200
    return list(json_of(answer)["data"])


def values() -> list[object]:
    """Return what the events of the store's only profile are worth, newest first."""
    (profile,) = read(LIST_PROFILES)
    events = read(LIST_EVENTS, filter=f'equals(profile_id,"{profile["id"]}")')
    return [event["attributes"]["event_properties"]["$value"] for event in events]


def test_an_event_told_twice_is_kept_once_whichever_way_it_comes() -> None:
    send(document({"value": 1}))
    send(document({"value": 2}))
    send(document({"value": 3}), CREATE_CLIENT_EVENT)
    send(job((JANE, [{"value": 4}])), CREATE_EVENT_BULK_JOB)
    assert values() == [1]


def test_events_of_one_second_are_one_unless_their_metrics_differ() -> None:
    send(document({"value": 1, **SECOND, **VIEWED}))
    send(document({"value": 2, **LATER_IN_THE_SECOND, **VIEWED}))
    send(document({"value": 3, **LATER_IN_THE_SECOND, **BOUGHT}))
    assert sorted(map(str, values())) == ["1", "3"]


def test_events_of_one_second_with_unique_ids_of_their_own_are_all_kept() -> None:
    together = [{**SECOND, "value": number, "unique_id": f"u-{number}"} for number in (1, 2, 3)]
    send(job((JANE, together)), CREATE_EVENT_BULK_JOB)
    assert values() == [3, 2, 1]


def test_an_anonymous_visitor_has_events_and_takes_them_along() -> None:
    send(with_profile(anonymous_id="browser-1"), CREATE_CLIENT_EVENT)
    assert len(values()) == 1
    known = with_profile(anonymous_id="browser-1", email="jane@example.com")
    known["data"]["attributes"]["unique_id"] = "u-2"
    send(known)
    assert len(values()) == 2
