"""Whatever is wrong with a request is answered with a problem that says what, and nothing else."""

import httpx
import pytest

from footfall.domain.stores import Scope
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.problems import problem
from tests.e2e.store import Json, Store

EVENT: Json = {"eventName": "Visited", "customer": {"email": "ada@example.com"}}

MALFORMED = {
    "nothing": b"",
    "no JSON": b"eventName=Visited",
    "half of an object": b'{"eventName": "Visited"',
    "two documents": b"{}{}",
    "an array": b"[]",
    "NaN": b'{"eventName": "Visited", "customer": {"email": "a@example.com"}, "value": NaN}',
    "infinity": b'{"eventName": "Visited", "customer": {"email": "a@example.com"}, "value": 1e999}',
    "a key twice": b'{"eventName": "Visited", "eventName": "Left", "customer": {"id": "1"}}',
    "bad UTF-8": b'{"eventName": "\xff", "customer": {"email": "a@example.com"}}',
    "a lone surrogate": rb'{"eventName": "\ud800", "customer": {"email": "a@example.com"}}',
    "too deep": b'{"eventName": "Visited", "customer": {"id": "1"}, "data": {"x": %s1%s}}'
    % (b"[" * 10, b"]" * 10),
    "far too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_malformed_json_is_refused(store: Store, body: bytes) -> None:
    problem(store.send_raw(body), 400)


def test_a_bulk_request_with_faults_is_refused_whole(store: Store) -> None:
    answer = store.send_bulk(
        [
            EVENT | {"uniqueId": "good"},
            {"customer": {"email": "ada@example.com"}},
            EVENT | {"eventTimestamp": "yesterday", "customer": {"email": "nobody"}},
            EVENT | {"customer": {"email": "ada@example.com", "age": 36}},
        ]
    )
    faults = problem(answer, 400)["errors"]
    assert [fault["pointer"] for fault in faults] == [
        "/events/1/eventName",
        "/events/2/customer/email",
        "/events/2/eventTimestamp",
        "/events/3/customer/age",
    ]
    assert all(fault["detail"] for fault in faults)

    store.send(EVENT | {"uniqueId": "later"})
    store.settled("later")
    assert store.status("good") is None


@pytest.mark.parametrize("count", [0, 101])
def test_a_bulk_request_holds_1_to_100_events(store: Store, count: int) -> None:
    problem(store.send_bulk([EVENT] * count), 400)


@pytest.mark.parametrize("size", [5 * 1024 * 1024 + 1, 11_000_000])
def test_a_body_over_the_limit_is_refused(store: Store, size: int) -> None:
    problem(store.send_raw(b" " * size), 413)


def test_another_media_type_is_refused(store: Store) -> None:
    problem(store.send_raw(b"{}", content_type="text/plain"), 415)


@pytest.mark.parametrize(
    "authorization", [None, "Basic Zm9vOmJhcg==", "Bearer none", f"Bearer footfall_{'a' * 43}"]
)
def test_a_request_without_a_valid_key_is_refused(store: Store, authorization: str | None) -> None:
    del store.http.headers["Authorization"]
    headers = {"Authorization": authorization} if authorization else {}
    problem(store.http.post("/events", json=EVENT, headers=headers), 401)


def test_a_key_opens_no_other_store(store: Store, other_store: Store) -> None:
    answer = other_store.http.get(
        "/event-names", headers={"Authorization": f"Bearer {store.api_key}"}
    )
    problem(answer, 403)


def test_a_key_does_only_what_its_scopes_say(cloud: LocalCloud, store: Store) -> None:
    reader = cloud.new_key(store.store_id, [Scope.CUSTOMERS_READ])
    headers = {"Authorization": f"Bearer {reader}"}
    assert store.http.get("/event-names", headers=headers).status_code == 200
    detail = problem(store.http.post("/events", json=EVENT, headers=headers), 403)["detail"]
    assert "customer_events_write" in detail


@pytest.mark.parametrize(("method", "path"), [("GET", "/orders"), ("DELETE", "/events")])
def test_an_unknown_route_is_not_found(store: Store, method: str, path: str) -> None:
    problem(store.http.request(method, path), 404)


def test_the_root_is_not_found(cloud: LocalCloud) -> None:
    problem(httpx.get(cloud.file("stack.json")["url"] + "/", trust_env=False), 404)
