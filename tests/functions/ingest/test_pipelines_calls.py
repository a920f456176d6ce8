"""Calls of the Pipelines API at ingest: 200 and `{}`, and what was told is in the queue."""

import base64
import gzip
import json

import pytest

from footfall.domain.events import IDENTIFY, Event
from footfall.domain.instructions import Deletion, Merge
from footfall.domain.limits import MAX_BODY_BYTES
from footfall.domain.stores import Scope
from footfall.domain.strict_json import dump_json
from footfall.http import customerio_routes as routes
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from footfall.settings import Setting, read_setting
from tests.aws_calls import recorded_calls
from tests.builders import anonymous, own_id
from tests.functions.ingest.pipelines_requests import (
    STRICT,
    queued,
    queued_events,
    send,
    send_text,
)
from tests.proxy_events import STORE, headers_of, json_of

pytestmark = pytest.mark.usefixtures("queue")

TRACK = {"type": "track", "userId": "1", "event": "e", "messageId": "m-1"}
BAD = {"type": "track", "userId": "1"}


def assert_accepted(response: ProxyResponse) -> None:
    assert response["statusCode"] == 200
    assert response["body"] == "{}"
    assert headers_of(response)["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("route", "call", "name"),
    [
        (routes.CALL_IDENTIFY, {"userId": "1", "traits": {"plan": "pro"}}, IDENTIFY),
        (routes.CALL_TRACK, {"userId": "1", "event": "Order Completed"}, "Order Completed"),
        (routes.CALL_PAGE, {"userId": "1", "name": "Home"}, "page"),
        (routes.CALL_SCREEN, {"userId": "1", "name": "Home"}, "screen"),
        (routes.CALL_GROUP, {"userId": "1", "groupId": "g-1"}, "group"),
    ],
)
def test_the_path_says_which_call_it_is(route: Route, call: dict[str, object], name: str) -> None:
    assert_accepted(send(route, {**call, "messageId": "m-1"}))
    (event,) = queued_events()
    assert (event.event_name, event.unique_id, event.store_id) == (name, "m-1", STORE)
    assert event.source == "pipelines"


def test_an_alias_is_a_merge_for_a_key_that_may_merge() -> None:
    alias = {"userId": "new", "previousId": "old"}
    assert_accepted(send(routes.CALL_ALIAS, alias))
    ((merge, statement),) = queued()
    assert isinstance(merge, Merge)
    assert (merge.primary, merge.secondary) == (own_id("new"), own_id("old"))
    assert isinstance(statement, Event)
    assert_accepted(send(routes.CALL_ALIAS, alias, scopes=Scope.CUSTOMER_EVENTS_WRITE))
    (event,) = queued_events()
    assert event.identifiers == [own_id("new"), anonymous("old")]


def test_a_batch_is_one_message_in_the_order_of_its_calls() -> None:
    batch = [{**TRACK, "event": f"event {number}"} for number in range(100)]
    document = {"batch": batch, "sentAt": "2026-04-02T12:00:00Z", "writeKey": "k", "context": {}}
    with recorded_calls() as calls:
        assert_accepted(send(routes.CALL_BATCH, document))
    assert [name for name, _ in calls] == ["SendMessage"]
    events = queued_events()
    assert [event.event_name for event in events] == [f"event {number}" for number in range(100)]
    ids = [event.event_id for event in events]
    assert ids == sorted(set(ids))


def test_a_batch_of_all_calls_is_read_call_by_call() -> None:
    batch = [
        {"type": "identify", "userId": "1", "traits": {"email": "a@example.com"}},
        TRACK,
        {"type": "page", "userId": "1", "name": None, "category": None},
        {"type": "screen", "anonymousId": "a-1", "userId": None},
        {"type": "group", "userId": "1", "groupId": 5},
        {"type": "alias", "userId": "1", "previousId": "2"},
        {"type": "track", "userId": "3", "event": "User Deleted"},
    ]
    assert_accepted(send(routes.CALL_BATCH, {"batch": batch}, headers=STRICT))
    (instructions,) = queued()
    kinds = [type(one) for one in instructions]
    assert kinds == [Event, Event, Event, Event, Event, Merge, Event, Deletion]


def test_the_context_of_a_batch_is_that_of_each_call_unless_it_has_its_own() -> None:
    device = {**TRACK, "event": "Device Created or Updated"}
    own = {"device": {"token": "t-2", "type": "android"}}
    batch = [device, {**device, "context": None}, {**device, "context": own}, TRACK]
    context = {"device": {"token": "t-1", "type": "ios"}}
    assert_accepted(send(routes.CALL_BATCH, {"batch": batch, "context": context}, headers=STRICT))
    assert [event.profile for event in queued_events()] == [
        {"customFields.device t-1": "ios"},
        {"customFields.device t-1": "ios"},
        {"customFields.device t-2": "android"},
        {},
    ]


@pytest.mark.parametrize("context", [None, "x", [], 5])
def test_a_context_of_a_batch_that_is_none_is_ignored(context: object) -> None:
    document = {"batch": [TRACK, 5], "context": context}
    assert_accepted(send(routes.CALL_BATCH, document))
    assert len(queued_events()) == 1


def test_a_bad_call_of_a_batch_loses_none_of_the_good_ones() -> None:
    batch = {"batch": [TRACK, BAD, {**TRACK, "type": "x"}, 5, {**TRACK, "event": "f"}]}
    assert_accepted(send(routes.CALL_BATCH, batch))
    assert [event.event_name for event in queued_events()] == ["e", "f"]


def test_in_strict_mode_a_bad_call_of_a_batch_is_named_and_the_good_ones_are_accepted() -> None:
    batch = {"batch": [TRACK, BAD, {**TRACK, "type": "x"}, 5, {**TRACK, "event": "f"}]}
    response = send(routes.CALL_BATCH, batch, headers=STRICT)
    assert response["statusCode"] == 400
    document = json_of(response)
    assert document["code"] == "bad_request"
    assert "3" in document["message"]
    assert [error["pointer"] for error in document["errors"]] == [
        "/batch/1/event",
        "/batch/2/type",
        "/batch/3/type",
    ]
    assert [event.event_name for event in queued_events()] == ["e", "f"]


@pytest.mark.parametrize(
    ("route", "document", "pointer"),
    [
        (routes.CALL_TRACK, BAD, "/event"),
        (routes.CALL_TRACK, [], ""),
        (routes.CALL_IDENTIFY, {}, ""),
        (routes.CALL_BATCH, {}, "/batch"),
        (routes.CALL_BATCH, [], "/batch"),
        (routes.CALL_BATCH, {"batch": "x"}, "/batch"),
        (routes.CALL_BATCH, {"batch": [{}] * 10_001}, "/batch"),
    ],
)
def test_a_bad_request_is_told_in_strict_mode_only(
    route: Route, document: object, pointer: str
) -> None:
    assert_accepted(send(route, document))
    assert_accepted(send(route, document, headers={"X-Strict-Mode": "0"}))
    response = send(route, document, headers=STRICT)
    assert response["statusCode"] == 400
    assert [error["pointer"] for error in json_of(response)["errors"]] == [pointer]
    assert queued() == []


def test_an_empty_batch_is_accepted() -> None:
    assert_accepted(send(routes.CALL_BATCH, {"batch": []}, headers=STRICT))
    assert queued() == []


def test_a_batch_larger_than_sdks_make_them_is_one_message() -> None:
    batch = [{**TRACK, "messageId": str(number)} for number in range(1_200)]
    assert_accepted(send(routes.CALL_BATCH, {"batch": batch}))
    (message,) = queued()
    ids = {one.unique_id for one in message if isinstance(one, Event)}
    assert ids == {str(number) for number in range(1_200)}


@pytest.mark.parametrize("strict", [{}, STRICT])
@pytest.mark.parametrize("body", ["", "{", '{"event": NaN}', '{"a": 1, "a": 2}'])
def test_what_is_no_json_is_400_in_either_mode(body: str, strict: dict[str, str]) -> None:
    response = send_text(routes.CALL_BATCH, body, headers=strict)
    assert response["statusCode"] == 400
    assert set(json_of(response)) == {"code", "message", "errors"}


def test_a_body_over_the_limit_is_413_with_code_and_message() -> None:
    response = send(routes.CALL_TRACK, {**TRACK, "ignored": "x" * MAX_BODY_BYTES})
    assert response["statusCode"] == 413
    assert json_of(response)["code"] == "request_entity_too_large"
    assert json_of(response)["message"]


def test_more_than_customerio_takes_is_taken() -> None:
    large = {f"p{number}": "x" * 100_000 for number in range(40)}
    assert_accepted(send(routes.CALL_BATCH, {"batch": [{**TRACK, "properties": large}]}))
    (event,) = queued_events()
    assert event.data == large


@pytest.mark.parametrize("is_unpacked", [False, True])
def test_a_packed_batch_is_unpacked(is_unpacked: bool) -> None:  # noqa: FBT001  # by the gateway
    text = dump_json({"batch": [TRACK]})
    body = text if is_unpacked else base64.b64encode(gzip.compress(text.encode())).decode()
    response = send_text(
        routes.CALL_BATCH,
        body,
        headers={"Content-Encoding": "gzip"},
        is_base64=not is_unpacked,
    )
    assert_accepted(response)
    assert len(queued_events()) == 1


@pytest.mark.parametrize(
    "media_type", ["text/plain", "text/plain;charset=UTF-8", "application/json; charset=utf-8"]
)
def test_json_may_come_as_plain_text(media_type: str) -> None:
    assert_accepted(send(routes.CALL_TRACK, TRACK, headers={"Content-Type": media_type}))
    assert len(queued_events()) == 1


def test_a_key_without_the_scope_is_refused_with_code_and_message() -> None:
    response = send(routes.CALL_BATCH, {"batch": [TRACK]}, scopes=Scope.CUSTOMERS_READ)
    assert response["statusCode"] == 403
    assert set(json_of(response)) == {"code", "message"}
    assert queued() == []


def test_an_order_of_a_key_that_may_only_send_events_is_refused_by_itself() -> None:
    batch = {"batch": [{**TRACK, "event": "User Deleted"}, TRACK]}
    only_events = Scope.CUSTOMER_EVENTS_WRITE
    response = send(routes.CALL_BATCH, batch, headers=STRICT, scopes=only_events)
    assert [error["pointer"] for error in json_of(response)["errors"]] == ["/batch/0/event"]
    assert [event.event_name for event in queued_events()] == ["e"]


def test_when_sqs_fails_nothing_is_accepted_and_a_retry_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = read_setting(Setting.EVENTS_QUEUE_URL)
    monkeypatch.setenv(Setting.EVENTS_QUEUE_URL, f"{url}-gone")
    response = send(routes.CALL_BATCH, {"batch": [TRACK, BAD]}, headers=STRICT)
    assert response["statusCode"] == 503
    assert set(json_of(response)) == {"code", "message"}


def test_what_is_rejected_is_counted_and_logged_without_data(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    jane = {**BAD, "userId": "jane", "event": ["jane"], "properties": {"jane" * 100: "jane"}}
    send(routes.CALL_BATCH, {"batch": [TRACK, jane, BAD]})
    (record,) = caplog.records
    assert record.message == "calls rejected"
    logged = vars(record)
    assert (logged["rejected"], len(logged["reasons"])) == (2, 3)
    assert "This field is required." in logged["reasons"]
    printed = capsys.readouterr().out
    counts = [json.loads(line) for line in printed.splitlines() if "_aws" in line]
    assert sum(line.get("EventsAccepted", [0])[0] for line in counts) == 1
    assert sum(line.get("EventsRejected", [0])[0] for line in counts) == 2
    assert "jane" not in printed + repr(logged)


def test_the_answer_to_a_batch_of_faults_fits_what_lambda_can_return() -> None:
    worst = {"type": "track", "userId": True, "properties": {"\x01" * 255: 10**99}}
    response = send(routes.CALL_BATCH, {"batch": [worst] * 1_000}, headers=STRICT)
    assert response["statusCode"] == 400
    assert len(json_of(response)["errors"]) == 1_000
    assert len(json.dumps(response, ensure_ascii=False).encode()) < 6_000_000
