"""Whatever anybody sends to Customer.io's Track API, it is taken or refused: nothing breaks.

What is taken can be read by whoever takes it from the queue.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.http.customerio_routes import (
    DELETE_DEVICE,
    DELETE_PERSON,
    IDENTIFY_PERSON,
    MERGE_PEOPLE,
    PUT_DEVICE,
    SUPPRESS_PERSON,
    TRACK_ANONYMOUS,
    TRACK_BATCH,
    TRACK_ENTITY,
    TRACK_PERSON,
)
from footfall.http.route import Route
from tests.functions.ingest.track_calls import FORM, call_with, messages

pytestmark = pytest.mark.usefixtures("cloud")

CALLS = [
    *(IDENTIFY_PERSON, DELETE_PERSON, TRACK_PERSON, TRACK_ANONYMOUS, PUT_DEVICE, DELETE_DEVICE),
    *(SUPPRESS_PERSON, MERGE_PEOPLE, TRACK_ENTITY, TRACK_BATCH),
]
ROUTES = st.sampled_from(CALLS)
KEYS = st.sampled_from(
    [
        *("id", "email", "phone", "cio_id", "anonymous_id", "_timestamp", "first_name", "name"),
        *("data", "attributes", "timestamp", "type", "recipient", "device", "platform", "token"),
        *("primary", "secondary", "identifiers", "action", "batch", "value", "currency", "$extra"),
    ]
)
WORDS = st.sampled_from(
    [
        *("person", "object", "identify", "event", "page", "merge", "delete", "add_device"),
        *("delete_device", "suppress", "a@b.c", "+14155550123", "cio_", "cio_a"),
    ]
)
# Python's own JSON writer also writes what is no JSON: NaN, infinities, lone surrogates.
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | WORDS
    | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(KEYS | st.text(), inner, max_size=5)
    ),
)
NAMES = WORDS | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ANSWERS = {200, 207, 400}


@given(ROUTES, ANY_JSON, NAMES)
def test_any_json(route: Route, anything: object, name: str) -> None:
    response = call_with(route, json.dumps(anything), person=name, device=name)
    assert response["statusCode"] in ANSWERS
    assert bool(messages()) == (response["statusCode"] != 400)


@given(ANY_JSON)
def test_any_values_where_they_matter(anything: object) -> None:
    event = {"name": "a", "data": {"any": anything}, "timestamp": anything, "id": anything}
    assert call_with(TRACK_PERSON, json.dumps(event))["statusCode"] in ANSWERS
    attributes = {"any": anything, "email": anything, "_timestamp": anything}
    assert call_with(IDENTIFY_PERSON, json.dumps(attributes))["statusCode"] in ANSWERS
    messages()


@given(st.sampled_from(["identify", "event", "page", "add_device", "merge"]), ANY_JSON)
def test_any_operation(action: str, anything: object) -> None:
    operation = {"type": "person", "identifiers": {"id": "5"}, "action": action, "name": "a"}
    fields = ("attributes", "device", "primary", "secondary", "timestamp", "id")
    body = json.dumps({"batch": [operation | dict.fromkeys(fields, anything)]})
    response = call_with(TRACK_BATCH, body)
    assert response["statusCode"] in ANSWERS
    assert bool(messages()) == (response["statusCode"] != 400)


@given(ROUTES, st.text(), st.sampled_from(["application/json", FORM, ""]))
def test_any_text(route: Route, body: str, content_type: str) -> None:
    answers = ANSWERS if route not in (TRACK_ENTITY, TRACK_BATCH) else {*ANSWERS, 415}
    assert call_with(route, body, content_type)["statusCode"] in answers
    messages()


@pytest.mark.parametrize("levels", [9, 50, 300, 450, 900, 5_000, 100_000])
@pytest.mark.parametrize("route", [TRACK_PERSON, IDENTIFY_PERSON, TRACK_BATCH])
def test_any_depth(route: Route, levels: int) -> None:
    deep = "[" * levels + "]" * levels
    operation = '{"type":"person","identifiers":{"id":"5"},"action":"event","name":"a",'
    body = {
        TRACK_PERSON: f'{{"name":"a","data":{{"a":{deep}}}}}',
        IDENTIFY_PERSON: f'{{"a":{deep}}}',
        TRACK_BATCH: f'{{"batch":[{operation}"attributes":{{"a":{deep}}}}}]}}',
    }[route]
    assert call_with(route, body)["statusCode"] in ANSWERS
    messages()
