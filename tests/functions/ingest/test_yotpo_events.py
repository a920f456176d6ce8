"""Yotpo's custom customer event at the API: taken on every path, refused with every fault."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.aws.clients import sqs
from footfall.aws.queue import read_message
from footfall.domain.events import Event, UniqueRule
from footfall.domain.strict_json import dump_json
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from footfall.http.yotpo_routes import PUT_EVENT
from footfall.settings import Setting, read_setting
from ingest.handler import handler
from tests.builders import events_in
from tests.contracts.yotpo_documents import document
from tests.functions.ingest.test_any_json_whatsoever import ANY_JSON
from tests.proxy_events import STORE, json_of, proxy_event

pytestmark = pytest.mark.usefixtures("queue")

KEYS = st.sampled_from(["id", "type", "customer", "external_id", "email", "properties", "source"])


def put(body: object, route: Route = PUT_EVENT[0]) -> ProxyResponse:
    return handler(proxy_event(route, dump_json(body)), None)


def queued() -> list[Event]:
    """Return the events in the queue."""
    messages = sqs().receive_message(
        QueueUrl=read_setting(Setting.EVENTS_QUEUE_URL), MaxNumberOfMessages=10
    )
    bodies = [read_message(message["Body"]) for message in messages.get("Messages", [])]
    return [event for body in bodies for event in events_in(body)]


@pytest.mark.parametrize("route", PUT_EVENT, ids=lambda route: f"{route.method} {route.path}")
def test_the_event_is_taken_on_every_path_that_may_be_yotpos(route: Route) -> None:
    response = put(document(), route)
    assert response["statusCode"] == 200
    assert json_of(response) == {"event": {"id": "7f0c"}}
    (event,) = queued()
    assert (event.store_id, event.event_name, event.source) == (STORE, "quiz_completed", "yotpo")
    assert (event.unique_id, event.unique_rule) == ("7f0c", UniqueRule.LAST)


def test_the_event_may_stand_in_a_wrapper() -> None:
    assert put({"event": document()})["statusCode"] == 200
    (event,) = queued()
    assert event.unique_id == "7f0c"


def test_a_faulty_event_is_400_with_every_field_and_nothing_is_queued() -> None:
    both = {"email": "jane@example.com", "phone_number": "+14155550123"}
    response = put({"event": document({"type": "order shipped", "customer": both})})
    assert response["statusCode"] == 400
    assert json_of(response) == {
        "errors": [
            {
                "field": "event.customer",
                "message": "Without an external_id, must have only one of phone_number and email.",
            },
            {
                "field": "event.type",
                "message": "Must be letters, digits and underscores, such as order_shipped.",
            },
        ]
    }
    assert queued() == []


def test_what_is_accepted_and_what_is_refused_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(document())
    put(document({"type": 5}))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = ("EventsAccepted", "EventsRejected")
    counts = [{name: line[name] for name in names if name in line} for line in lines]
    assert counts == [{"EventsAccepted": [1]}, {"EventsRejected": [1]}]


def test_when_sqs_fails_nothing_is_accepted_and_a_retry_is_asked_for(queue: str) -> None:
    sqs().delete_queue(QueueUrl=queue)
    response = put(document())
    assert response["statusCode"] == 503
    assert json_of(response) == {
        "errors": [{"message": "Footfall is busy. Please send the request again."}]
    }


def test_a_key_of_another_store_is_403() -> None:
    response = handler(
        proxy_event(PUT_EVENT[0], dump_json(document()), key_store_id="another"), None
    )
    assert response["statusCode"] == 403
    assert queued() == []


def status_of(body: str, route: Route) -> object:
    return handler(proxy_event(route, body), None)["statusCode"]


@given(st.sampled_from(PUT_EVENT), ANY_JSON)
def test_any_json(route: Route, anything: object) -> None:
    assert status_of(json.dumps(anything), route) in {200, 400}


@given(st.dictionaries(KEYS | st.text(), ANY_JSON), st.booleans())
def test_any_fields(fields: dict[str, object], is_wrapped: bool) -> None:  # noqa: FBT001
    event = document() | fields
    body = json.dumps({"event": event} if is_wrapped else event)
    assert status_of(body, PUT_EVENT[0]) in {200, 400}


@given(st.dictionaries(KEYS | st.text(), ANY_JSON))
def test_any_customer(customer: dict[str, object]) -> None:
    body = json.dumps(document() | {"customer": {"external_id": "c-1"} | customer})
    assert status_of(body, PUT_EVENT[0]) in {200, 400}


@given(st.sampled_from(PUT_EVENT), st.text())
def test_any_text(route: Route, body: str) -> None:
    assert status_of(body, route) in {200, 400}
