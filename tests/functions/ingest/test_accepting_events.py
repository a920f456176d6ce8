"""Promises 1 and 2 at the API: accepted means durable, and one request has one fate."""

import re
from collections.abc import Mapping

import pytest

from footfall.aws.clients import sqs
from footfall.aws.queue import read_message
from footfall.domain.events import Event
from footfall.domain.limits import MAX_BODY_BYTES
from footfall.domain.strict_json import dump_json
from footfall.http.responses import ProxyResponse
from footfall.http.routes import CREATE_EVENT, CREATE_EVENTS
from footfall.settings import Setting, read_setting
from ingest.handler import handler
from openapi.answers import EventFates
from tests.aws_calls import recorded_calls
from tests.builders import events_in
from tests.contracts.redo_documents import DOCUMENTED_EXAMPLE
from tests.openapi_answers import assert_described
from tests.proxy_events import STORE, faults_of, headers_of, json_of, proxy_event

pytestmark = pytest.mark.usefixtures("queue")

GOOD = {"eventName": "Order Placed", "customer": {"email": "jane@example.com"}}
BAD = {"eventName": "", "customer": {}}
LARGE = {**GOOD, "data": {f"p{number}": "x" * 100_000 for number in range(20)}}
PREFER = {"Prefer": "return=representation"}


def post(document: object, **headers: str) -> ProxyResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = handler(proxy_event(CREATE_EVENT, dump_json(document), headers=named), None)
    assert_described(CREATE_EVENT, response)
    return response


def post_bulk(*documents: object, headers: Mapping[str, str] | None = None) -> ProxyResponse:
    body = dump_json({"events": documents})
    response = handler(proxy_event(CREATE_EVENTS, body, headers=headers), None)
    assert_described(CREATE_EVENTS, response)
    return response


def queued() -> list[list[Event]]:
    """Return the events of every message in the queue."""
    messages = sqs().receive_message(
        QueueUrl=read_setting(Setting.EVENTS_QUEUE_URL), MaxNumberOfMessages=10
    )
    return [events_in(read_message(message["Body"])) for message in messages.get("Messages", [])]


def test_redos_documented_example_is_accepted_as_it_stands() -> None:
    response = handler(proxy_event(CREATE_EVENT, DOCUMENTED_EXAMPLE), None)
    assert response == {"statusCode": 202, "headers": {}, "body": ""}
    ((event,),) = queued()
    assert event.store_id == STORE
    assert event.unique_id == "milestone-test-001"


def test_a_bulk_of_100_is_one_request_to_sqs_and_one_message() -> None:
    with recorded_calls() as calls:
        response = post_bulk(*[GOOD] * 100)
    assert response == {"statusCode": 202, "headers": {}, "body": ""}
    assert [name for name, _ in calls] == ["SendMessage"]
    (events,) = queued()
    assert len(events) == 100


def test_event_ids_are_new_and_in_the_order_of_the_request() -> None:
    post_bulk(*({**GOOD, "eventName": f"event {number}"} for number in range(100)))
    post(GOOD)
    first, second = sorted(queued(), key=len, reverse=True)
    assert [event.event_name for event in first] == [f"event {number}" for number in range(100)]
    ids = [event.event_id for event in first]
    assert ids == sorted(set(ids))
    assert second[0].event_id not in ids
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", each) for each in ids)


def test_one_invalid_event_refuses_the_whole_request() -> None:
    response = post_bulk(GOOD, BAD, GOOD, {**GOOD, "value": "5"})
    assert set(faults_of(response)) == {
        "/events/1/customer",
        "/events/1/eventName",
        "/events/3/value",
    }
    assert headers_of(response)["Content-Type"] == "application/problem+json"
    assert queued() == []


def test_every_bad_event_of_a_bulk_is_named_however_bad_they_are() -> None:
    worst = {"eventName": "", "customer": {f"unknown {number}": 1 for number in range(200)}}
    pointers = faults_of(post_bulk(*[worst] * 100))
    assert {pointer.split("/")[2] for pointer in pointers} == {str(n) for n in range(100)}


def test_with_return_representation_the_valid_events_are_accepted() -> None:
    response = post_bulk(GOOD, BAD, GOOD, headers=PREFER)
    assert response["statusCode"] == 202
    assert headers_of(response)["Preference-Applied"] == "return=representation"
    fates = EventFates.model_validate(json_of(response))
    assert (fates.total, fates.accepted, fates.rejected) == (3, 2, 1)
    assert [(fate.index, fate.status) for fate in fates.events] == [
        (0, "queued"),
        (1, "rejected"),
        (2, "queued"),
    ]
    assert [fault.pointer for fault in fates.events[1].errors] == [
        "/events/1/customer",
        "/events/1/eventName",
    ]
    (events,) = queued()
    assert [event.event_id for event in events] == [
        fates.events[0].event_id,
        fates.events[2].event_id,
    ]


def test_with_return_representation_a_single_event_is_represented_too() -> None:
    fates = EventFates.model_validate(
        json_of(post(GOOD, Prefer='respond-async, return="Representation"; x'))
    )
    ((event,),) = queued()
    assert [fate.event_id for fate in fates.events] == [event.event_id]


def test_when_not_one_event_is_valid_the_answer_is_400_all_the_same() -> None:
    assert "/events/0/customer" in faults_of(post_bulk(BAD, BAD, headers=PREFER))
    assert "/customer" in faults_of(post(BAD, **PREFER))
    assert queued() == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("[]", ""),
        ("{}", "/events"),
        ('{"events":[]}', "/events"),
        ('{"events":"all"}', "/events"),
        (dump_json({"events": [GOOD] * 101}), "/events"),
        (dump_json({"events": [GOOD], "source": "x"}), "/source"),
        ("{", ""),
    ],
)
def test_a_bulk_of_the_wrong_form_is_400_whatever_is_preferred(body: str, pointer: str) -> None:
    response = handler(proxy_event(CREATE_EVENTS, body, headers=PREFER), None)
    assert list(faults_of(response)) == [pointer]


def test_an_idempotency_key_names_the_events_that_have_no_unique_id() -> None:
    post_bulk(
        GOOD, {**GOOD, "uniqueId": "own"}, BAD, GOOD, headers={**PREFER, "Idempotency-Key": "K"}
    )
    post(GOOD, idempotency_key="try-1")
    first, second = sorted(queued(), key=len, reverse=True)
    assert [event.unique_id for event in first] == ["K:0", "own", "K:3"]
    assert [event.unique_id for event in second] == ["try-1:0"]


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "k" * 201, "a\n"])
def test_a_bad_idempotency_key_is_400(key: str) -> None:
    response = post(GOOD, Idempotency_Key=key)
    assert response["statusCode"] == 400
    assert "Idempotency-Key" in json_of(response)["detail"]
    assert queued() == []


def test_the_longest_idempotency_key_fits() -> None:
    assert post(GOOD, Idempotency_Key="k" * 200)["statusCode"] == 202


def test_when_sqs_fails_nothing_is_accepted_and_a_retry_is_asked_for(queue: str) -> None:
    sqs().delete_queue(QueueUrl=queue)
    response = post_bulk(GOOD, GOOD)
    assert response["statusCode"] == 503
    assert headers_of(response)["Retry-After"].isdecimal()


def test_when_the_bucket_fails_nothing_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(Setting.BODIES_BUCKET, "no-such-bucket")
    assert post(LARGE)["statusCode"] == 503
    assert queued() == []


def test_a_request_too_large_for_sqs_is_accepted_through_the_bucket() -> None:
    with recorded_calls() as calls:
        assert post(LARGE)["statusCode"] == 202
    assert [name for name, _ in calls] == ["PutObject", "SendMessage"]
    ((event,),) = queued()
    assert event.data == LARGE["data"]


def test_a_body_over_the_limit_is_413() -> None:
    assert post({**GOOD, "ignored": "x" * MAX_BODY_BYTES})["statusCode"] == 413


def test_numbers_travel_with_every_digit() -> None:
    body = (
        '{"eventName":"a","customer":{"id":"c"},"value":0.10000000000000000000000000000000000001}'
    )
    handler(proxy_event(CREATE_EVENT, body), None)
    ((event,),) = queued()
    assert str(event.value) == "0.10000000000000000000000000000000000001"
