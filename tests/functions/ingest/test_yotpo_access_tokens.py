"""Yotpo's clients exchange a secret for a token first: a key of the store is both."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given

from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key
from footfall.domain.stores import Scope, key_hash
from footfall.domain.strict_json import dump_json
from footfall.http.responses import ProxyResponse
from footfall.http.yotpo_routes import CREATE_ACCESS_TOKEN
from ingest.handler import handler
from tests.functions.ingest.test_any_json_whatsoever import ANY_JSON
from tests.moto_cloud import moto_cloud
from tests.proxy_events import STORE, json_of, proxy_event

SECRET = f"footfall_{'s' * 43}"
REVOKED = f"footfall_{'r' * 43}"
READING = f"footfall_{'d' * 43}"
WRITE = frozenset({Scope.CUSTOMER_EVENTS_WRITE})


@pytest.fixture(scope="module", autouse=True)
def cloud() -> Iterator[None]:
    with moto_cloud():
        for secret, status, scopes in (
            (SECRET, KeyStatus.ACTIVE, WRITE),
            (REVOKED, KeyStatus.REVOKED, WRITE),
            (READING, KeyStatus.ACTIVE, frozenset({Scope.CUSTOMERS_READ})),
        ):
            now = datetime.now(UTC)
            put_api_key(ApiKey(key_hash(secret), STORE, scopes, status, "key", now))
        yield


def exchange(body: str, store_id: str = STORE) -> ProxyResponse:
    """Ask for a token; API Gateway knows nothing about the caller, as no header has a key."""
    event = proxy_event(CREATE_ACCESS_TOKEN, body, store_id=store_id)
    event["requestContext"] = {"requestId": "0f1e2d3c"}
    return handler(event, None)


def test_a_key_of_the_store_is_its_own_token() -> None:
    response = exchange(dump_json({"secret": SECRET}))
    assert response["statusCode"] == 200
    assert json_of(response) == {"access_token": SECRET}


@pytest.mark.parametrize(
    "document",
    [
        {"secret": f"footfall_{'x' * 43}"},
        {"secret": REVOKED},
        {"secret": ""},
        {"secret": 5},
        {"secret": None},
        {},
        [],
        "secret",
    ],
)
def test_anything_else_is_401(document: object) -> None:
    response = exchange(dump_json(document))
    assert response["statusCode"] == 401
    (error,) = json_of(response)["errors"]
    assert error["message"]


def test_a_key_of_another_store_is_403() -> None:
    assert exchange(dump_json({"secret": SECRET}), store_id="another")["statusCode"] == 403


def test_a_key_that_cannot_send_events_is_403() -> None:
    assert exchange(dump_json({"secret": READING}))["statusCode"] == 403


@given(ANY_JSON)
def test_any_json(anything: object) -> None:
    assert exchange(json.dumps(anything))["statusCode"] in {400, 401}
    assert exchange(json.dumps({"secret": anything}))["statusCode"] in {400, 401}
