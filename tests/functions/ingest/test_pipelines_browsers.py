"""The browser SDK at ingest: its key stands in the body or in the path, and is a public one."""

import base64
from collections.abc import Iterator

import pytest

from footfall.aws import key_cache
from footfall.aws.api_keys import KeyStatus, revoke_api_key
from footfall.domain.events import IDENTIFY
from footfall.domain.stores import Scope, key_hash
from footfall.http import customerio_routes as routes
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from tests.aws_calls import recorded_calls
from tests.builders import anonymous, own_id
from tests.functions.ingest.pipelines_requests import (
    PUBLIC,
    SECRET,
    STRICT,
    add_key,
    queued,
    queued_events,
    send,
    send_text,
)
from tests.moto_cloud import moto_cloud
from tests.proxy_events import STORE, headers_of, json_of

REVOKED = f"footfall_public_{'r' * 43}"
UNKNOWN = f"footfall_public_{'u' * 43}"
READING = f"footfall_public_{'d' * 43}"
OTHERS = f"footfall_public_{'o' * 43}"
TEXT = {"Content-Type": "text/plain"}
TRACK = {"type": "track", "anonymousId": "a-1", "userId": None, "event": "e", "messageId": "m"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[None]:
    with moto_cloud():
        add_key(PUBLIC)
        add_key(SECRET)
        add_key(REVOKED, status=KeyStatus.REVOKED)
        add_key(READING, scopes=frozenset({Scope.CUSTOMERS_READ}))
        add_key(OTHERS, store_id="store-2")
        yield


@pytest.fixture(autouse=True)
def _as_if_no_key_was_seen(queue: str) -> None:  # noqa: ARG001  # it comes first
    key_cache.forget_api_keys()


def send_page(route: Route, document: object, **headers: str) -> ProxyResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(route, document, headers={**TEXT, **named})


def settings(key: str = PUBLIC, **headers: str) -> ProxyResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send_text(routes.BROWSER_SETTINGS, None, headers=named, write_key=key)


@pytest.mark.parametrize(
    ("route", "call", "name"),
    [
        (routes.BROWSER_IDENTIFY, {"userId": "1", "traits": {"plan": "pro"}}, IDENTIFY),
        (routes.BROWSER_TRACK, {"event": "Order Completed"}, "Order Completed"),
        (routes.BROWSER_PAGE, {"name": "Home"}, "page"),
        (routes.BROWSER_SCREEN, {"name": "Home"}, "screen"),
        (routes.BROWSER_GROUP, {"groupId": "g-1"}, "group"),
        (routes.BROWSER_ALIAS, {"userId": "1", "previousId": "a-1"}, IDENTIFY),
    ],
)
def test_each_call_has_a_short_path(route: Route, call: dict[str, object], name: str) -> None:
    response = send_page(route, {"anonymousId": "a-1", **call, "writeKey": PUBLIC})
    assert (response["statusCode"], response["body"]) == (200, "{}")
    (event,) = queued_events()
    assert (event.event_name, event.store_id) == (name, STORE)
    assert anonymous("a-1") in event.identifiers


def test_a_batch_of_a_page_has_the_key_beside_it() -> None:
    batch = [{**TRACK, "writeKey": PUBLIC}, {**TRACK, "event": "f"}]
    assert (
        send_page(routes.BROWSER_BATCH, {"batch": batch, "writeKey": PUBLIC})["statusCode"] == 200
    )
    assert [event.event_name for event in queued_events()] == ["e", "f"]


@pytest.mark.parametrize(
    "key", [UNKNOWN, REVOKED, SECRET, "", None, 5, "k", PUBLIC + "x", PUBLIC.upper(), f" {PUBLIC}"]
)
@pytest.mark.parametrize("strict", [{}, STRICT])
def test_any_other_key_is_401_in_either_mode(key: object, strict: dict[str, str]) -> None:
    response = send(routes.BROWSER_TRACK, {**TRACK, "writeKey": key}, headers={**TEXT, **strict})
    assert response["statusCode"] == 401
    assert json_of(response)["code"] == "unauthorized"
    assert queued() == []


@pytest.mark.parametrize("document", [TRACK, [], "x", None, {"batch": [{"writeKey": PUBLIC}]}])
def test_no_key_is_401(document: object) -> None:
    assert send_page(routes.BROWSER_BATCH, document)["statusCode"] == 401


def test_a_secret_in_a_page_is_told_to_be_one_whether_it_opens_anything_or_not() -> None:
    answers = {
        json_of(send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": key}))["message"]
        for key in (SECRET, f"footfall_{'x' * 43}")
    }
    assert len(answers) == 1
    assert "secret" in answers.pop()


def test_a_key_without_the_scope_is_403() -> None:
    response = send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": READING})
    assert response["statusCode"] == 403


def test_the_key_says_whose_store_it_is() -> None:
    send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": OTHERS})
    (event,) = queued_events()
    assert event.store_id == "store-2"


def test_a_page_gives_no_orders() -> None:
    call = {"userId": "1", "event": "User Deleted", "writeKey": PUBLIC}
    assert send_page(routes.BROWSER_TRACK, call)["statusCode"] == 200
    assert send_page(routes.BROWSER_TRACK, call, X_Strict_Mode="1")["statusCode"] == 400
    assert queued() == []


def test_an_alias_of_a_page_merges_nobody() -> None:
    send_page(routes.BROWSER_ALIAS, {"userId": "1", "previousId": "2", "writeKey": PUBLIC})
    (event,) = queued_events()
    assert event.identifiers == [own_id("1"), anonymous("2")]


def basic(user: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:'.encode()).decode()}"


@pytest.mark.parametrize(
    "authorization", [basic(SECRET), f"Bearer {SECRET}", basic(PUBLIC), f"bearer {PUBLIC}"]
)
def test_the_key_may_stand_in_the_header_as_servers_send_it(authorization: str) -> None:
    response = send_page(routes.BROWSER_TRACK, TRACK, Authorization=authorization)
    assert response["statusCode"] == 200
    assert len(queued_events()) == 1


@pytest.mark.parametrize("authorization", [basic(UNKNOWN), f"Bearer {REVOKED}"])
def test_a_wrong_key_in_the_header_is_not_made_good_by_the_body(authorization: str) -> None:
    call = {**TRACK, "writeKey": PUBLIC}
    response = send_page(routes.BROWSER_TRACK, call, Authorization=authorization)
    assert response["statusCode"] == 401


def test_of_two_keys_the_one_in_the_header_says_whose_store_it_is() -> None:
    call = {**TRACK, "writeKey": OTHERS}
    send_page(routes.BROWSER_TRACK, call, Authorization=basic(SECRET))
    (event,) = queued_events()
    assert event.store_id == STORE


@pytest.mark.parametrize(
    "authorization", ["", "Basic", "Basic ?", "Basic /w==", "Digest x", "Bearer k"]
)
def test_a_header_without_a_key_counts_as_none(authorization: str) -> None:
    call = {**TRACK, "writeKey": PUBLIC}
    assert send_page(routes.BROWSER_TRACK, call, Authorization=authorization)["statusCode"] == 200


def test_a_key_is_looked_up_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1_000.0]
    monkeypatch.setattr("footfall.aws.key_cache.time.monotonic", lambda: moment[0])
    fresh = f"footfall_public_{'f' * 43}"
    assert send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": fresh})["statusCode"] == 401
    add_key(fresh)
    with recorded_calls() as calls:
        for _ in range(3):
            call = {**TRACK, "writeKey": fresh}
            assert send_page(routes.BROWSER_TRACK, call)["statusCode"] == 200
    assert [name for name, _ in calls].count("GetItem") == 1
    revoke_api_key(key_hash(fresh))
    moment[0] += 59
    assert send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": fresh})["statusCode"] == 200
    moment[0] += 2
    assert send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": fresh})["statusCode"] == 401


def test_what_cannot_be_a_key_is_not_looked_up() -> None:
    with recorded_calls() as calls:
        for key in ("k", "footfall_public_", PUBLIC + "x", "k" * 100_000):
            send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": key})
    assert calls == []


def test_only_so_many_keys_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_cache, "_MAX_KEYS", 2)
    keys = [f"footfall_public_{number:043d}" for number in range(3)]
    for key in keys:
        add_key(key)
        key_cache.known_api_key(key)
    with recorded_calls() as calls:
        for key in (keys[2], keys[1]):
            key_cache.known_api_key(key)
        assert calls == []
        key_cache.known_api_key(keys[0])
    assert [name for name, _ in calls] == ["GetItem"]


def test_the_settings_lead_the_sdk_back_to_where_it_asked() -> None:
    response = settings(Host="events.example.com", X_Forwarded_Proto="https")
    assert response["statusCode"] == 200
    assert json_of(response) == {
        "integrations": {
            "Customer.io Data Pipelines": {
                "apiKey": PUBLIC,
                "apiHost": "events.example.com/v1",
                "protocol": "https",
                "addBundledMetadata": False,
            }
        },
        "metrics": {"host": "events.example.com/v1", "sampleRate": 0},
    }


def test_the_settings_know_the_front_of_the_local_cloud() -> None:
    response = settings(
        Host="172.17.0.2:4566", X_Forwarded_Host="127.0.0.1:8787", X_Forwarded_Proto="http"
    )
    destination = json_of(response)["integrations"]["Customer.io Data Pipelines"]
    assert (destination["apiHost"], destination["protocol"]) == ("127.0.0.1:8787/v1", "http")


def test_the_settings_know_the_stage_in_the_apis_own_url() -> None:
    host = "a1b2c3.execute-api.eu-central-1.amazonaws.com"
    destination = json_of(settings(Host=host))["integrations"]["Customer.io Data Pipelines"]
    assert (destination["apiHost"], destination["protocol"]) == (f"{host}/prod/v1", "https")


def test_no_cache_that_many_share_keeps_the_settings() -> None:
    assert headers_of(settings(Host="h"))["Cache-Control"].startswith("private")


@pytest.mark.parametrize("key", [UNKNOWN, REVOKED, SECRET, "k"])
def test_the_settings_are_for_public_keys(key: str) -> None:
    response = settings(key, Host="events.example.com")
    assert response["statusCode"] == 401
    assert set(json_of(response)) == {"code", "message"}


@pytest.mark.parametrize("body", ['{"series": [{"type": "Counter"}]}', "", "{"])
def test_what_the_sdk_tells_of_itself_is_thrown_away(body: str) -> None:
    response = send_text(routes.BROWSER_METRICS, body, headers=TEXT)
    assert (response["statusCode"], response["body"]) == (200, "{}")
    assert queued() == []


@pytest.mark.parametrize("key", [PUBLIC, UNKNOWN])
def test_pages_of_any_origin_may_read_the_answer(key: str) -> None:
    response = send_page(routes.BROWSER_TRACK, {**TRACK, "writeKey": key})
    assert headers_of(response)["Access-Control-Allow-Origin"] == "*"
