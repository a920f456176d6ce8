"""Yotpo's promise through the functions: an event sent again replaces the one before."""

from collections.abc import Iterator, Mapping

import pytest

import ingest.handler
import query.handler
from footfall.domain.strict_json import dump_json
from footfall.http.routes import CREATE_EVENT, FIND_CUSTOMER, LIST_CUSTOMER_EVENTS
from footfall.http.yotpo_routes import PUT_EVENT
from tests.contracts.redo_documents import OMIT
from tests.contracts.yotpo_documents import document
from tests.moto_cloud import moto_cloud
from tests.pipeline.processing import process_the_queue
from tests.proxy_events import json_of, proxy_event

POST, PATCH = PUT_EVENT[:2]


@pytest.fixture(autouse=True)
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def send(*changes: Mapping[str, object]) -> None:
    """Send an event for each of the changes to it, and let process store them one by one."""
    for number, changed in enumerate(changes):
        route = PATCH if number else POST
        answer = ingest.handler.handler(
            proxy_event(route, dump_json(document({"source": OMIT, **changed}))), None
        )
        assert answer["statusCode"] == 200
        process_the_queue()


def timeline(own_id: str = "c-1") -> list[dict[str, object]]:
    asked = proxy_event(FIND_CUSTOMER, query={"id": own_id})
    customer_id = json_of(query.handler.handler(asked, None))["id"]
    listed = proxy_event(LIST_CUSTOMER_EVENTS, customerId=customer_id)
    events = json_of(query.handler.handler(listed, None))["events"]
    return [{name: event[name] for name in ("eventTimestamp", "data")} for event in events]


def test_only_the_last_event_of_an_id_is_on_the_timeline() -> None:
    send(
        {"properties": {"score": 7}},
        {"properties": {"score": 9}, "occurred_at": "2026-04-01T12:00:00Z"},
        {"properties": {"score": 5}, "id": "another"},
    )
    assert timeline() == [
        {"eventTimestamp": "2026-04-02T12:00:00Z", "data": {"score": 5}},
        {"eventTimestamp": "2026-04-01T12:00:00Z", "data": {"score": 9}},
    ]


def test_an_event_of_another_contract_with_the_same_id_stays() -> None:
    redo = {"eventName": "e", "customer": {"id": "c-1"}, "uniqueId": "7f0c", "data": {"n": 1}}
    redo["eventTimestamp"] = "2026-04-01T12:00:00Z"
    ingest.handler.handler(proxy_event(CREATE_EVENT, dump_json(redo)), None)
    process_the_queue()
    send({"properties": {"score": 7}}, {"properties": {"score": 9}})
    assert [event["data"] for event in timeline()] == [{"score": 9}, {"n": 1}]
