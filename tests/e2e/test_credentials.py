"""One root URL for every family: each brings its key where its clients put it, and is let in."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.problems import problem
from tests.e2e.store import Json, Store

EVENT: Json = {"eventName": "Visited", "customer": {"email": "ada@example.com"}}


@pytest.fixture
def api(cloud: LocalCloud) -> Iterator[httpx.Client]:
    """The API without a key."""
    url = cloud.file("stack.json")["url"]
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture
def public_key(cloud: LocalCloud, store: Store) -> str:
    shown = cloud.footfall("keys", "create", "pages", "--public", "--store", store.store_id)
    return next(word for word in shown.split() if word.startswith("footfall_public_"))


def test_a_key_is_let_in_wherever_its_family_puts_it(api: httpx.Client, store: Store) -> None:
    key, person = store.api_key, "/api/v1/customers/u%201%2F%C3%A9%40x"
    for method, path, options in (
        ("POST", "/api/events", {"headers": {"Authorization": f"Klaviyo-API-Key {key}"}}),
        ("POST", "/api/events/", {"headers": {"Authorization": f"Klaviyo-API-Key {key}"}}),
        ("PUT", person, {"auth": ("site", key)}),
        ("POST", f"{person}/events", {"auth": ("site", key)}),
        ("POST", "/v1/batch", {"auth": (key, "")}),
        ("POST", "/v1/batch", {"headers": {"Authorization": f"Bearer {key}"}}),
        (
            "POST",
            f"/core/v3/stores/{store.store_id}/custom_events",
            {"headers": {"X-Yotpo-Token": key}},
        ),
    ):
        assert reaches_a_function(api.request(method, path, json={}, **options)), path


def test_a_key_in_another_place_is_not_seen(api: httpx.Client, store: Store) -> None:
    bearer = {"Authorization": f"Bearer {store.api_key}"}
    for answer in (
        api.post(f"/core/v3/stores/{store.store_id}/custom_events", headers=bearer, json={}),
        api.post("/api/events", headers={"X-Yotpo-Token": store.api_key}, json={}),
        api.post("/api/events", headers={"Authorization": store.api_key}, json={}),
        api.post("/client/events", headers=bearer, json={}),
        api.post("/client/events", params={"company_id": store.api_key}, json={}),
    ):
        refused_by_the_gateway(answer, 401)


def test_a_public_key_sends_events_and_does_no_more(
    api: httpx.Client, store: Store, public_key: str
) -> None:
    answer = api.post("/client/events", params={"company_id": public_key}, json={})
    assert reaches_a_function(answer)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"

    bearer = {"Authorization": f"Bearer {public_key}"}
    events = f"/stores/{store.store_id}/events"
    assert api.post(events, headers=bearer, json=EVENT).status_code == 202
    for method, path in (
        ("GET", f"/stores/{store.store_id}/event-names"),
        ("GET", "/api/profiles"),
        ("DELETE", "/api/v1/customers/7"),
        ("POST", "/api/v1/merge_customers"),
    ):
        refused_by_the_gateway(api.request(method, path, headers=bearer), 403)


def test_a_key_opens_no_other_store_in_any_family(
    api: httpx.Client, store: Store, other_store: Store
) -> None:
    path = f"/core/v3/stores/{other_store.store_id}/custom_events"
    answer = api.post(path, headers={"X-Yotpo-Token": store.api_key}, json={})
    refused_by_the_gateway(answer, 403)


@pytest.mark.parametrize("path", ["/v1/t", "/v1/batch", "/client/events"])
def test_a_page_may_ask_whether_it_may_call(api: httpx.Client, path: str) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    answers = [api.options(path, headers=asked) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {204}
    answer = answers[-1]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert "content-type" in answer.headers["Access-Control-Allow-Headers"]


def test_a_packed_body_is_the_body(api: httpx.Client, store: Store) -> None:
    headers = {
        "Authorization": f"Bearer {store.api_key}",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    path, event = f"/stores/{store.store_id}/events", EVENT | {"uniqueId": "packed"}
    packed = gzip.compress(json.dumps(event).encode())
    assert api.post(path, headers=headers, content=packed).status_code == 202
    store.settled("packed")
    refused_by_the_gateway(api.post(path, headers=headers, content=b"{}"), 415)


def test_a_route_of_another_family_has_its_own_rate(api: httpx.Client, store: Store) -> None:
    headers = {"Authorization": f"Klaviyo-API-Key {store.api_key}"}
    path = "/api/event-bulk-create-jobs"
    answers = [api.post(path, headers=headers, json={}) for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 10 <= len(answers) - len(refused) < 40
    for answer in refused:
        refused_by_the_gateway(answer, 429)
        assert answer.headers["Retry-After"] == "1"


def reaches_a_function(answer: httpx.Response) -> bool:
    """Tell whether it is not the gateway that answers: no function says its id and path so."""
    return answer.status_code in {200, 400, 202} and "instance" not in answer.text


def refused_by_the_gateway(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return the document that every family's clients find their own errors in."""
    document = problem(answer, status)
    (error,) = document["errors"]
    assert all(error[member] for member in ("id", "code", "title", "detail"))
    assert "$" not in error["id"]
    assert document["meta"]["error"]
    assert document["code"]
    assert document["message"]
    return document
