"""Klaviyo's contract at the API: 202 once the queue has it, or every fault; never a part."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.aws.clients import sqs
from footfall.aws.queue import read_message
from footfall.domain.events import IDENTIFY, Event
from footfall.domain.stores import Scope
from footfall.domain.strict_json import dump_json
from footfall.http.klaviyo_routes import (
    CREATE_CLIENT_EVENT,
    CREATE_CLIENT_EVENTS,
    CREATE_CLIENT_PROFILE,
    CREATE_EVENT,
    CREATE_EVENT_BULK_JOB,
)
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from footfall.settings import Setting, read_setting
from ingest.handler import handler
from tests.aws_calls import recorded_calls
from tests.builders import events_in
from tests.contracts.klaviyo_documents import SEED, changed, document, entry, job, with_profile
from tests.contracts.redo_documents import OMIT
from tests.functions.ingest.test_any_json_whatsoever import ANY_JSON
from tests.proxy_events import STORE, headers_of, json_of, proxy_event

pytestmark = pytest.mark.usefixtures("queue")

JSON_API = "application/vnd.api+json"
REVISION = {"revision": "2026-07-15"}
JANE = {"email": "jane@example.com"}
WRITES = [CREATE_EVENT, CREATE_EVENT_BULK_JOB]
OF_BROWSERS = [CREATE_CLIENT_EVENT, CREATE_CLIENT_EVENTS, CREATE_CLIENT_PROFILE]
PROFILE = {"data": {"type": "profile", "attributes": JANE}}
GOOD: Mapping[Route, object] = {
    CREATE_EVENT: document(),
    CREATE_EVENT_BULK_JOB: job((JANE, [{}])),
    CREATE_CLIENT_EVENT: document(),
    CREATE_CLIENT_EVENTS: entry(JANE, [{}]),
    CREATE_CLIENT_PROFILE: PROFILE,
}


def post(
    body: object, route: Route = CREATE_EVENT, headers: Mapping[str, str] | None = None
) -> ProxyResponse:
    sent = {**REVISION, **(headers or {})}
    return handler(proxy_event(route, dump_json(body), headers=sent), None)


def queued() -> list[list[Event]]:
    """Return the events of every message in the queue."""
    messages = sqs().receive_message(
        QueueUrl=read_setting(Setting.EVENTS_QUEUE_URL), MaxNumberOfMessages=10
    )
    return [events_in(read_message(message["Body"])) for message in messages.get("Messages", [])]


def errors_of(response: ProxyResponse) -> list[dict[str, Any]]:
    assert headers_of(response)["Content-Type"] == JSON_API
    return cast("list[dict[str, Any]]", json_of(response)["errors"])


def pointers_of(response: ProxyResponse) -> list[str]:
    assert response["statusCode"] == 400
    return [error["source"]["pointer"] for error in errors_of(response)]


@pytest.mark.parametrize(
    "media_type", [JSON_API, "application/json", "Application/JSON; charset=utf-8"]
)
@pytest.mark.parametrize("route", GOOD, ids=str)
def test_what_is_right_is_202_and_nothing_and_one_message(route: Route, media_type: str) -> None:
    with recorded_calls() as calls:
        response = post(GOOD[route], route, {"Content-Type": media_type})

    assert (response["statusCode"], response["body"]) == (202, "")
    assert headers_of(response)["Content-Type"] == JSON_API
    assert [name for name, _ in calls] == ["SendMessage"]
    ((event,),) = queued()
    assert (event.store_id, event.source) == (STORE, "klaviyo")


def test_the_documented_event_of_2023_is_accepted_as_it_stands() -> None:
    response = post(SEED, headers={"revision": "2023-01-24", "Content-Type": "application/json"})
    assert response["statusCode"] == 202
    ((event,),) = queued()
    assert (event.event_name, event.unique_id) == ("Viewed Product", "d47aeda5")


def test_a_job_of_1000_events_is_one_message_in_its_order() -> None:
    names = [f"metric {number}" for number in range(1_000)]
    of_one = [{"metric.data.attributes.name": name} for name in names]
    john = {"email": "john@example.com"}
    assert (
        post(job((JANE, of_one[:600]), (john, of_one[600:])), CREATE_EVENT_BULK_JOB)["statusCode"]
        == 202
    )
    (events,) = queued()
    assert [event.event_name for event in events] == names
    ids = [event.event_id for event in events]
    assert ids == sorted(set(ids))


def test_one_bad_event_refuses_a_job_whole_and_is_named() -> None:
    told = job((JANE, [{"value": 1}]), (JANE, [{"value": 2, "unique_id": "b"}, {"value": "three"}]))
    response = post(told, CREATE_EVENT_BULK_JOB)
    place = "/data/attributes/events-bulk-create/data/1/attributes/events/data/1/attributes/value"
    assert pointers_of(response) == [place]
    assert queued() == []


def test_a_repeated_unique_id_refuses_a_job_whole() -> None:
    response = post(job((JANE, [{}, {"value": 1}])), CREATE_EVENT_BULK_JOB)
    place = (
        "/data/attributes/events-bulk-create/data/0/attributes/events/data/1/attributes/unique_id"
    )
    assert pointers_of(response) == [place]
    assert queued() == []


def test_an_error_has_all_that_klaviyos_clients_read() -> None:
    (error,) = errors_of(post(document({"metric.data.attributes.name": OMIT})))
    assert error == {
        "id": "0f1e2d3c",
        "status": 400,
        "code": "invalid",
        "title": "Invalid input.",
        "detail": "data.attributes.metric.data.attributes.name: This field is required.",
        "source": {"pointer": "/data/attributes/metric/data/attributes/name"},
        "links": {},
        "meta": {},
    }


def test_each_fault_is_an_error() -> None:
    response = post(document({"value": "x", "time": "x"}))
    assert pointers_of(response) == ["/data/attributes/time", "/data/attributes/value"]


@pytest.mark.parametrize("revision", ["", "latest", "2026-13-01"])
@pytest.mark.parametrize("route", WRITES, ids=str)
def test_without_a_revision_the_header_is_asked_for(route: Route, revision: str) -> None:
    response = post(GOOD[route], route, {"revision": revision})
    assert response["statusCode"] == 400
    (error,) = errors_of(response)
    assert "`revision`" in error["detail"]
    assert queued() == []


@pytest.mark.parametrize("route", OF_BROWSERS, ids=str)
def test_browsers_need_no_revision_and_no_more_than_a_public_key(route: Route) -> None:
    event = proxy_event(
        route,
        dump_json(GOOD[route]),
        query={"company_id": "any"},
        scopes=Scope.CUSTOMER_EVENTS_WRITE,
    )
    assert handler(event, None)["statusCode"] == 202
    assert len(queued()) == 1


@pytest.mark.parametrize("route", OF_BROWSERS, ids=str)
def test_a_revision_that_is_none_is_refused_of_browsers_too(route: Route) -> None:
    assert post(GOOD[route], route, {"revision": "latest"})["statusCode"] == 400


def test_limits_follow_the_revision() -> None:
    told = document({"properties": {f"p{number}": 1 for number in range(301)}})
    statuses = [
        post(told, headers={"revision": revision})["statusCode"]
        for revision in ("2025-01-15", "2025-04-15")
    ]
    assert statuses == [400, 202]


def test_a_profile_of_the_client_api_is_a_statement_without_an_event() -> None:
    post(PROFILE, CREATE_CLIENT_PROFILE)
    ((event,),) = queued()
    assert event.event_name == IDENTIFY
    assert event.profile == {"email": "jane@example.com"}


@pytest.mark.parametrize("status", [202, 400])
def test_answers_echo_the_revision_and_tell_the_rate(status: int) -> None:
    response = post(document({} if status == 202 else {"value": "x"}))
    headers = headers_of(response)
    assert response["statusCode"] == status
    assert headers["X-Klaviyo-API-Revision"] == "2026-07-15"
    assert re.fullmatch(r"(350|3500), 350;w=1, 3500;w=60", headers["RateLimit-Limit"])
    assert headers["RateLimit-Remaining"].isdecimal()
    assert headers["RateLimit-Reset"].isdecimal()


def test_a_revision_that_is_none_is_not_echoed() -> None:
    assert "X-Klaviyo-API-Revision" not in headers_of(post(document(), headers={"revision": "x\n"}))


def test_when_the_queue_fails_a_retry_is_asked_for_in_whole_seconds(queue: str) -> None:
    sqs().delete_queue(QueueUrl=queue)
    response = post(document())
    assert response["statusCode"] == 503
    assert headers_of(response)["Retry-After"].isdecimal()
    (error,) = errors_of(response)
    assert (error["code"], error["status"]) == ("service_unavailable", 503)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("{", {}, 400),
        ("", {}, 400),
        ("{}", {"Content-Type": "text/csv"}, 415),
        (dump_json({"x": "x" * 5 * 1024 * 1024}), {}, 413),
    ],
    ids=["malformed", "empty", "media type", "too large"],
)
def test_what_is_no_document_is_refused_in_json_api(
    body: str, headers: dict[str, str], status: int
) -> None:
    response = handler(proxy_event(CREATE_EVENT, body, headers={**REVISION, **headers}), None)
    assert response["statusCode"] == status
    assert errors_of(response)[0]["status"] == status


ROUTES = st.sampled_from(list(GOOD))


@given(ROUTES, ANY_JSON)
def test_no_json_breaks_it(route: Route, anything: object) -> None:
    response = handler(proxy_event(route, json.dumps(anything), headers=REVISION), None)
    assert response["statusCode"] in {202, 400}


@given(
    st.sampled_from(
        [
            *("properties", "time", "value", "value_currency", "unique_id", "metric", "profile"),
            *("metric.data", "metric.data.attributes", "profile.data", "profile.data.attributes"),
            *("profile.data.attributes.location", "profile.data.attributes.properties"),
        ]
    ),
    ANY_JSON,
)
def test_no_json_in_any_place_breaks_it(place: str, anything: object) -> None:
    for told in (document({place: anything}), changed(SEED, {place.partition(".")[0]: anything})):
        body = json.dumps(told, default=str)
        assert handler(proxy_event(CREATE_EVENT, body, headers=REVISION), None)["statusCode"] in {
            202,
            400,
        }


@given(ANY_JSON)
def test_no_meta_breaks_it(anything: object) -> None:
    for meta in (
        anything,
        {"patch_properties": anything},
        {"patch_properties": {"unset": anything}},
    ):
        body = json.dumps(with_profile(**JANE, meta=meta), default=str)
        assert handler(proxy_event(CREATE_EVENT, body, headers=REVISION), None)["statusCode"] in {
            202,
            400,
        }


def test_the_worst_answer_fits_what_lambda_can_return() -> None:
    name = "\x01" * 250
    numbers = {name: [10**99] * 1_000}
    told = document({"properties": {name: {name[:240]: numbers}}})
    answer = post(told)
    assert answer["statusCode"] == 400
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < 6_000_000
