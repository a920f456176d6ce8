"""Customer.io's Track API, version 2: good operations are never lost to bad ones."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.aws.clients import sqs
from footfall.contracts.customerio_operations import MAX_OPERATIONS
from footfall.domain.events import IDENTIFY, Event
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Deletion, Merge
from footfall.domain.stores import Scope
from footfall.http.customerio_routes import TRACK_BATCH, TRACK_ENTITY
from footfall.http.responses import ProxyResponse
from tests.builders import anonymous, email, own_id, phone
from tests.functions.ingest.track_calls import call, messages, told, told_event
from tests.proxy_events import headers_of, json_of

pytestmark = pytest.mark.usefixtures("queue")

GOOD: dict[str, Any] = {
    "type": "person",
    "identifiers": {"id": "5"},
    "action": "event",
    "name": "purchased",
}
BAD: dict[str, Any] = {"type": "person", "identifiers": {"id": "5"}, "action": "event"}
NAME_IS_REQUIRED = {"reason": "required", "field": "name", "message": "Name is required"}


def person(action: str, **fields: object) -> dict[str, object]:
    return {"type": "person", "identifiers": {"id": "5"}, "action": action, **fields}


def batch(*operations: object, scopes: str | None = None) -> ProxyResponse:
    return call(TRACK_BATCH, {"batch": operations}, **({"scopes": scopes} if scopes else {}))


def errors_of(response: ProxyResponse) -> Sequence[dict[str, Any]]:
    errors: Sequence[dict[str, Any]] = json_of(response)["errors"]
    return errors


@pytest.mark.parametrize(
    "operation",
    [
        person("identify", attributes={"plan": "premium"}),
        person("identify"),
        person("event", name="purchased", attributes={"price": 5}),
        person("page", name="/cart"),
        person("screen", name="cart"),
        person("delete"),
        person("suppress"),
        person("unsuppress"),
        person("add_device", device={"token": "t", "platform": "ios"}),
        person("add_device", device={"id": "t", "platform": "ios"}),
        person("delete_device", device={"token": "t"}),
        {
            "type": "person",
            "action": "merge",
            "primary": {"id": "5"},
            "secondary": {"email": "jane@example.com"},
        },
    ],
    ids=lambda operation: json.dumps(operation)[-60:],
)
def test_a_good_operation_is_answered_with_200_and_an_empty_object(
    operation: dict[str, object],
) -> None:
    for send in (partial(call, TRACK_ENTITY), batch):
        response = send(operation)
        assert response["statusCode"] == 200
        assert response["body"] == "{}"
        assert len(messages()) == 1


def test_an_event_has_its_data_in_attributes() -> None:
    fields = {"id": "order-7", "timestamp": 1_561_231_234, "attributes": {"a": {"b": [1]}, "c": 0}}
    call(TRACK_ENTITY, {**GOOD, **fields})
    event = told_event()
    assert (event.event_name, event.source) == ("purchased", "customerio")
    assert event.identifiers == [own_id("5")]
    assert event.event_timestamp == datetime(2019, 6, 22, 19, 20, 34, tzinfo=UTC)
    assert event.data == {"a": {"b": [1]}}
    assert (event.unique_id, event.unique_scope) == ("order-7", "customerio")


def test_the_type_of_an_operation_is_not_that_of_an_event() -> None:
    batch(person("page", name="/cart"), GOOD)
    ((page, event),) = messages()
    assert isinstance(page, Event)
    assert (page.event_name, page.data) == ("page", {"name": "/cart"})
    assert isinstance(event, Event)
    assert event.event_name == "purchased"


@pytest.mark.parametrize(
    ("identifiers", "identifier"),
    [
        ({"id": "5"}, own_id("5")),
        ({"id": 5}, own_id("5")),
        ({"id": "5", "email": None}, own_id("5")),
        ({"email": "Jane@Example.com"}, email("jane@example.com")),
        ({"phone": "+1 415 555 0123"}, phone("+14155550123")),
        ({"cio_id": "abc"}, own_id("abc")),
        ({"cio_id": "cio_abc"}, own_id("abc")),
    ],
)
def test_a_person_has_one_of_four_identifiers(
    identifiers: dict[str, object], identifier: Identifier
) -> None:
    assert call(TRACK_ENTITY, {**GOOD, "identifiers": identifiers})["statusCode"] == 200
    assert told_event().identifiers == [identifier]


@pytest.mark.parametrize(
    "identifiers",
    [
        None,
        {},
        "5",
        ["5"],
        {"id": "5", "email": "jane@example.com"},
        {"id": ""},
        {"id": True},
        {"id": "x" * 151},
        {"email": "jane"},
        {"phone": "555 0123"},
        {"name": "Jane"},
    ],
)
def test_no_identifier_or_more_than_one_is_refused(identifiers: object) -> None:
    response = call(TRACK_ENTITY, {**GOOD, "identifiers": identifiers})
    assert response["statusCode"] == 400
    (error,) = errors_of(response)
    assert str(error["field"]).startswith("identifiers")
    assert messages() == []


def test_an_identify_orders_by_its_timestamp_and_brings_identifiers() -> None:
    attributes = {"email": "jane@example.com", "anonymous_id": "a", "plan": "premium"}
    call(TRACK_ENTITY, person("identify", attributes=attributes, timestamp=1_561_231_234))
    event = told_event()
    assert (event.event_name, event.event_timestamp.year) == (IDENTIFY, 2019)
    assert event.identifiers == [own_id("5"), email("jane@example.com"), anonymous("a")]
    assert event.profile == {"email": "jane@example.com", "customFields.plan": "premium"}


def test_deletions_and_merges_travel_with_the_events() -> None:
    merge = {"type": "person", "action": "merge", "primary": {"id": 5}, "secondary": {"id": 6}}
    batch(GOOD, person("delete"), merge)
    ((event, deletion, merged),) = messages()
    assert isinstance(event, Event)
    assert isinstance(deletion, Deletion)
    assert isinstance(merged, Merge)
    assert event.event_id < deletion.deletion_id < merged.merge_id


def test_a_device_is_taken_away_by_its_token() -> None:
    call(TRACK_ENTITY, person("delete_device", device={"token": "t"}))
    assert told_event().profile == {"customFields.device t": None}


def test_a_bad_operation_is_told_of_and_the_good_ones_are_queued_as_one_message() -> None:
    response = batch(GOOD, BAD, {**GOOD, "name": "second"}, 5)
    assert response["statusCode"] == 207
    assert errors_of(response) == [
        {"batch_index": 1, **NAME_IS_REQUIRED},
        {
            "batch_index": 3,
            "reason": "invalid",
            "field": "",
            "message": "An operation must be an object",
        },
    ]
    ((first, second),) = messages()
    assert isinstance(first, Event)
    assert isinstance(second, Event)
    assert (first.event_name, second.event_name) == ("purchased", "second")


def test_a_batch_of_bad_operations_is_400_and_names_each() -> None:
    response = batch(BAD, BAD)
    assert response["statusCode"] == 400
    assert errors_of(response) == [
        {"batch_index": 0, **NAME_IS_REQUIRED},
        {"batch_index": 1, **NAME_IS_REQUIRED},
    ]
    assert messages() == []


def test_a_single_bad_operation_is_400_without_an_index() -> None:
    response = call(TRACK_ENTITY, BAD)
    assert response["statusCode"] == 400
    assert errors_of(response) == [NAME_IS_REQUIRED]


@pytest.mark.parametrize(
    ("operation", "reason", "field"),
    [
        ({}, "required", "type"),
        ({"type": "person"}, "required", "action"),
        ({"type": "person", "action": 5}, "invalid", "action"),
        ({"type": "alien", "action": "identify"}, "invalid", "type"),
        (person("dance"), "invalid", "action"),
        (person("identify", attributes=[]), "invalid", "attributes"),
        (person("identify", attributes={"plan": "x" * 1001}), "invalid", "attributes"),
        (person("event", name=""), "required", "name"),
        (person("event", name=" "), "required", "name"),
        (person("event", name="x" * 101), "invalid", "name"),
        (person("event", name="a", attributes="x"), "invalid", "attributes"),
        (person("add_device"), "required", "device.platform"),
        (person("delete_device"), "required", "device.id"),
        (person("merge"), "required", "primary"),
        (person("add_relationships", cio_relationships=[]), "not_offered", "action"),
        (person("delete_relationships", cio_relationships=[]), "not_offered", "action"),
        ({"type": "object", "action": "identify"}, "not_offered", "type"),
        ({"type": "delivery", "action": "event"}, "not_offered", "type"),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value)[:200],
)
def test_what_is_wrong_with_an_operation_is_told_with_reason_and_field(
    operation: dict[str, object], reason: str, field: str
) -> None:
    response = batch(operation, GOOD)
    assert response["statusCode"] == 207
    (error,) = errors_of(response)
    assert (error["batch_index"], error["reason"], error["field"]) == (0, reason, field)
    assert error["message"]
    assert told_event().event_name == "purchased"


def test_a_key_that_may_only_send_events_deletes_and_merges_nobody() -> None:
    merge = {"type": "person", "action": "merge", "primary": {"id": 5}, "secondary": {"id": 6}}
    privileged = (person("delete"), person("suppress"), person("unsuppress"), merge)
    response = batch(*privileged, GOOD, scopes=Scope.CUSTOMER_EVENTS_WRITE)
    assert response["statusCode"] == 207
    errors = errors_of(response)
    assert [error["batch_index"] for error in errors] == [0, 1, 2, 3]
    assert {error["reason"] for error in errors} == {"forbidden"}
    assert isinstance(told(), Event)


@pytest.mark.parametrize(
    "document",
    [[], "x", 5, None, {}, {"batch": None}, {"batch": {}}, {"batch": "x"}, {"batch": []}],
    ids=json.dumps,
)
def test_what_is_no_batch_is_400(document: object) -> None:
    response = call(TRACK_BATCH, document)
    assert response["statusCode"] == 400
    (error,) = errors_of(response)
    assert {"reason", "field", "message"} <= set(error)


def test_a_body_that_is_no_json_is_400_in_the_same_form() -> None:
    response = call(TRACK_ENTITY)
    assert response["statusCode"] == 400
    assert errors_of(response)[0]["message"]


def test_the_largest_batch_is_one_message() -> None:
    assert batch(*[GOOD] * MAX_OPERATIONS)["statusCode"] == 200
    ((*events,),) = messages()
    assert len(events) == MAX_OPERATIONS


def test_a_batch_with_more_operations_is_refused_whole() -> None:
    assert batch(*[GOOD] * (MAX_OPERATIONS + 1))["statusCode"] == 400
    assert messages() == []


def test_half_a_megabyte_and_operations_of_32_kb_are_taken() -> None:
    large = {**GOOD, "attributes": {"text": "x" * 32_000}}
    assert batch(*[large] * 16)["statusCode"] == 200
    assert [len(instructions) for instructions in messages()] == [16]


def test_the_answer_to_the_worst_batch_fits_what_lambda_can_return() -> None:
    attributes = {"\x01" * 149 + chr(48 + number): "x" * 1001 for number in range(5)}
    worst = person("identify", attributes=attributes)
    response = batch(*[worst] * 500)
    assert response["statusCode"] == 400
    assert {error["batch_index"] for error in errors_of(response)} == set(range(500))
    assert len(json.dumps(response, ensure_ascii=False).encode()) < 6_000_000


def test_the_answer_to_the_longest_bad_batch_names_each_operation() -> None:
    response = batch(*[{"type": "person", "action": "event"}] * MAX_OPERATIONS)
    assert response["statusCode"] == 400
    assert {error["batch_index"] for error in errors_of(response)} == set(range(MAX_OPERATIONS))
    assert len(json.dumps(response, ensure_ascii=False).encode()) < 6_000_000


def test_when_sqs_fails_nothing_is_accepted_and_a_retry_is_asked_for(queue: str) -> None:
    sqs().delete_queue(QueueUrl=queue)
    response = batch(GOOD, BAD)
    assert response["statusCode"] == 503
    assert headers_of(response)["Retry-After"].isdecimal()
    assert errors_of(response)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_every_operation_is_either_queued_or_told_of(goodness: list[bool]) -> None:
    operations = [
        {**GOOD, "name": str(index)} if is_good else {**BAD, "name": " "}
        for index, is_good in enumerate(goodness)
    ]
    response = batch(*operations)
    told_of = {error["batch_index"] for error in json_of(response).get("errors", [])}
    queued = {
        int(event.event_name)
        for instructions in messages()
        for event in instructions
        if isinstance(event, Event)
    }
    assert queued == {index for index, is_good in enumerate(goodness) if is_good}
    assert told_of == set(range(len(goodness))) - queued
    assert response["statusCode"] == (200 if not told_of else 207 if queued else 400)
