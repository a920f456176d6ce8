"""Whatever anybody sends to the Pipelines API, ingest answers: it never breaks."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.customerio_calls import CallType
from footfall.http import customerio_routes as routes
from footfall.http.route import Family, Route
from tests.functions.ingest.pipelines_requests import PUBLIC, STRICT, add_key, send_text
from tests.functions.ingest.test_any_json_whatsoever import ANY_JSON
from tests.moto_cloud import moto_cloud

ROUTES = [
    route
    for route in routes.CUSTOMERIO_ROUTES
    if route.family is Family.PIPELINES and route.method == "POST"
]
FIELDS = st.sampled_from(
    [
        *("userId", "anonymousId", "messageId", "event", "name", "category", "properties"),
        *("traits", "groupId", "previousId", "timestamp", "originalTimestamp", "context", "type"),
    ]
)
NAMES = st.sampled_from(["User Deleted", "Device Deleted", "User Suppressed", "e", "", None])
CALLS = st.fixed_dictionaries(
    {"type": st.sampled_from([*CallType, "x", None, 5])},
    optional={
        "userId": st.text(max_size=3) | ANY_JSON,
        "anonymousId": st.text(max_size=3) | ANY_JSON,
        "previousId": st.text(max_size=3) | ANY_JSON,
        "groupId": st.text(max_size=3) | ANY_JSON,
        "event": NAMES | ANY_JSON,
        "traits": st.dictionaries(st.sampled_from(["email", "phone", "firstName"]), ANY_JSON),
        "properties": ANY_JSON,
        "context": st.dictionaries(st.just("device"), ANY_JSON) | ANY_JSON,
        "timestamp": st.datetimes().map(str) | ANY_JSON,
    },
)
MODES = st.sampled_from([{}, STRICT])


@pytest.fixture(autouse=True, scope="module")
def cloud() -> Iterator[None]:
    with moto_cloud():
        add_key(PUBLIC)
        yield


@given(st.sampled_from(ROUTES), ANY_JSON | st.dictionaries(FIELDS, ANY_JSON), MODES)
def test_any_json(route: Route, anything: object, mode: dict[str, str]) -> None:
    assert send_text(route, json.dumps(anything), headers=mode)["statusCode"] in {200, 400, 401}


@given(st.sampled_from(ROUTES), CALLS, MODES)
def test_anything_like_a_call(route: Route, call: dict[str, object], mode: dict[str, str]) -> None:
    body = json.dumps({**call, "writeKey": PUBLIC})
    assert send_text(route, body, headers=mode)["statusCode"] in {200, 400}


@given(st.sampled_from([routes.CALL_BATCH, routes.BROWSER_BATCH]), st.lists(CALLS), MODES)
def test_anything_like_a_batch(route: Route, batch: list[object], mode: dict[str, str]) -> None:
    body = json.dumps({"batch": batch, "writeKey": PUBLIC})
    assert send_text(route, body, headers=mode)["statusCode"] in {200, 400}


@given(st.sampled_from(ROUTES), st.text())
def test_any_text(route: Route, body: str) -> None:
    assert send_text(route, body)["statusCode"] in {200, 400, 401}


@pytest.mark.parametrize("field", ["traits", "properties", "context", "timestamp", "userId"])
def test_any_depth(field: str) -> None:
    for depth in (*range(930, 960), 10_000):
        nested = f"{'[' * depth}{']' * depth}"
        for call_type in ("identify", "track"):
            call = f'{{"type": "{call_type}", "event": "e", "{field}": {{"a": {nested}}}}}'
            status = send_text(routes.CALL_BATCH, f'{{"batch": [{call}]}}')["statusCode"]
            assert status in {200, 400}, (call_type, depth)
