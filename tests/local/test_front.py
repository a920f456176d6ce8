"""The front: what it hands on, what it keeps back, and what it says by itself."""

import asyncio
import gzip
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from urllib.parse import unquote

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from footfall.domain.stores import usage_key
from footfall.errors import FootfallError, TransientError
from local.front import MAX_BODY_BYTES, create_front
from local.gateway import Gateway, GatewayResponse, Refusal
from local.throttle import Limit, Throttle


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


GATEWAY = Gateway(
    url="http://127.0.0.1:4566/_aws/execute-api/a1b2/local",
    limits={
        "/stores/{storeId}/events/POST": Limit(rate=1, burst=2),
        "/api/events/POST": Limit(rate=1, burst=3),
        "/client/events/POST": Limit(rate=1, burst=1),
    },
    stage_limits={"/v1/t/POST": Limit(rate=1, burst=2)},
    refusals={
        refusal: GatewayResponse(
            status,
            {"Content-Type": "application/problem+json"},
            '{"instance":"$context.path","errors":[{"id":"$context.requestId"}]}',
        )
        for refusal, status in {
            Refusal.THROTTLED: HTTPStatus.TOO_MANY_REQUESTS,
            Refusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            Refusal.NOT_PACKED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            Refusal.NO_ANSWER: HTTPStatus.SERVICE_UNAVAILABLE,
        }.items()
    },
)


KEY = "footfall_" + "k" * 43
OTHER_KEY = "footfall_" + "o" * 43
PUBLIC_KEY = "footfall_public_" + "p" * 43
STORES = {KEY: "shop", OTHER_KEY: "bakery", PUBLIC_KEY: "shop"}
AUTHORIZED = {"Authorization": f"Bearer {KEY}"}


class LocalApi:
    """The front, before a stage that remembers the requests and answers as it is told."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: httpx.Response | Exception = httpx.Response(202)
        self.key_failure: FootfallError | None = None
        self._front = create_front(
            GATEWAY,
            Throttle(GATEWAY.limits, GATEWAY.stage_limits),
            self._find_store,
            httpx.MockTransport(self._handle),
        )

    def send(
        self,
        method: str,
        path: str,
        content: bytes | AsyncIterator[bytes] = b"",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request as a client does."""

        async def send_once() -> httpx.Response:
            async with self._front.router.lifespan_context(self._front) as state:

                async def front(scope: Scope, receive: Receive, send: Send) -> None:
                    await self._front({**scope, "state": state}, receive, send)

                async with httpx.AsyncClient(transport=httpx.ASGITransport(front)) as client:
                    url = f"http://127.0.0.1:8787{path}"
                    return await client.request(method, url, content=content, headers=headers)

        return asyncio.run(send_once())

    def _find_store(self, api_key: str) -> str | None:
        if self.key_failure:
            raise self.key_failure
        return STORES.get(api_key)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def api() -> LocalApi:
    return LocalApi()


def test_the_request_reaches_the_stage_whole(api: LocalApi) -> None:
    headers = {"Authorization": "Bearer secret", "Idempotency-Key": "7"}
    api.send("POST", "/stores/shop/events?dry=a%2Bb&dry=2", b'{"a":1}', headers)
    (request,) = api.requests
    assert request.method == "POST"
    assert str(request.url) == f"{GATEWAY.url}/stores/shop/events?dry=a%2Bb&dry=2"
    assert request.content == b'{"a":1}'
    assert request.headers["Authorization"] == "Bearer secret"
    assert request.headers["Idempotency-Key"] == "7"
    assert request.headers["Host"] == "127.0.0.1:4566"


def test_a_function_can_tell_where_the_client_has_sent_the_request(api: LocalApi) -> None:
    lies = {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "gopher"}
    api.send("GET", "/api/v1/accounts/region", headers=lies)
    (request,) = api.requests
    assert request.headers.get_list("X-Forwarded-Host") == ["127.0.0.1:8787"]
    assert request.headers.get_list("X-Forwarded-Proto") == ["http"]


def test_the_answer_comes_back_whole(api: LocalApi) -> None:
    api.answer = httpx.Response(
        201, headers=[("X-Page-Next", "abc"), ("X-Many", "1"), ("X-Many", "2")], content=b"{}"
    )
    answer = api.send("PUT", "/stores/shop/customers")
    assert (answer.status_code, answer.content) == (201, b"{}")
    assert answer.headers["X-Page-Next"] == "abc"
    assert answer.headers.get_list("X-Many") == ["1", "2"]
    assert answer.headers["Content-Length"] == "2"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/stores/shop/event-names", AUTHORIZED),
        ("GET", "/stores/bakery/event-names", AUTHORIZED),
        ("POST", "/api/events", {"Authorization": f"Klaviyo-API-Key {KEY}"}),
        ("POST", "/api/events/", {"Authorization": f"Klaviyo-API-Key {KEY}"}),
        ("POST", "/v1/track", {"Authorization": basic(f"{KEY}:")}),
        ("PUT", "/api/v1/customers/a%2Fb", {"Authorization": basic(f"site:{KEY}")}),
        ("POST", "/core/v3/stores/shop/custom_events", {"X-Yotpo-Token": KEY}),
        ("POST", f"/client/events?company_id={PUBLIC_KEY}", {}),
        ("POST", f"/client/events/?x=1&company_id={PUBLIC_KEY}", {}),
    ],
)
def test_the_usage_key_is_the_one_of_the_store_whose_key_it_is(
    api: LocalApi, method: str, path: str, headers: Mapping[str, str]
) -> None:
    api.send(method, path, headers={"X-Api-Key": "somebody else's", **headers})
    assert api.requests[0].headers.get_list("x-api-key") == [usage_key("shop")]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", AUTHORIZED),
        ("GET", "/stores/shop/event-names", {}),
        ("GET", "/stores/shop/event-names", {"Authorization": f"Bearer footfall_{'x' * 43}"}),
        ("GET", f"/stores/shop/event-names?company_id={PUBLIC_KEY}", {}),
        ("POST", f"/client/events?company_id={KEY}", AUTHORIZED),
        ("POST", "/v1/t", AUTHORIZED),
    ],
)
def test_without_a_key_in_its_place_there_is_no_usage_key(
    api: LocalApi, method: str, path: str, headers: Mapping[str, str]
) -> None:
    api.send(method, path, headers={"X-Api-Key": "anything", **headers})
    assert "x-api-key" not in api.requests[0].headers


@pytest.mark.parametrize(
    "segment", ["a%2Fb", "50%25", "%40home", "a%23b", "%C3%BC", "a+b", "a%0Ab"]
)
def test_a_path_segment_is_what_it_was_after_one_decoding(api: LocalApi, segment: str) -> None:
    api.send("GET", f"/stores/shop/events/{segment}")
    assert unquote(api.requests[0].url.raw_path.decode()).endswith(f"/events/{segment}")


def test_more_than_the_plan_allows_is_refused(api: LocalApi) -> None:
    answers = [api.send("POST", "/stores/shop/events", headers=AUTHORIZED) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[2].json()["instance"] == "/stores/shop/events"
    assert len(api.requests) == 2


def test_a_route_without_a_store_in_its_path_counts_by_the_key(api: LocalApi) -> None:
    answers = [api.send("POST", "/api/events", headers=AUTHORIZED) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    other = {"Authorization": f"Klaviyo-API-Key {OTHER_KEY}"}
    assert api.send("POST", "/api/events/", headers=other).status_code == 202


def test_the_keys_of_a_store_share(api: LocalApi) -> None:
    public = {"Authorization": f"Bearer {PUBLIC_KEY}"}
    sent = [AUTHORIZED, public, AUTHORIZED]
    answers = [api.send("POST", "/stores/shop/events", headers=headers) for headers in sent]
    assert [answer.status_code for answer in answers] == [202, 202, 429]


def test_who_has_no_key_is_left_to_the_authorizer(api: LocalApi) -> None:
    answers = [api.send("POST", "/stores/shop/events") for _ in range(10)]
    assert {answer.status_code for answer in answers} == {202}


def test_where_no_key_can_be_seen_all_share(api: LocalApi) -> None:
    answers = [api.send("POST", "/v1/t") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]


def test_keys_that_cannot_be_looked_up_are_a_problem(api: LocalApi) -> None:
    api.key_failure = TransientError("dynamodb.GetItem: InternalServerError")
    assert api.send("POST", "/stores/shop/events", headers=AUTHORIZED).status_code == 503
    assert api.requests == []


def test_a_packed_body_is_unpacked(api: LocalApi) -> None:
    api.send("POST", "/v1/batch", gzip.compress(b'{"a":1}'), {"Content-Encoding": "gzip"})
    (request,) = api.requests
    assert request.content == b'{"a":1}'
    assert request.headers["Content-Length"] == "7"
    assert "Content-Encoding" not in request.headers


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_body_that_is_not_packed_as_it_says_is_refused(api: LocalApi, coding: str) -> None:
    answer = api.send("POST", "/v1/batch", b'{"a":1}', {"Content-Encoding": coding})
    assert answer.status_code == 415
    assert api.requests == []


def test_a_body_over_the_limit_is_refused_however_it_is_packed(api: LocalApi) -> None:
    body = gzip.compress(b" " * (MAX_BODY_BYTES + 1))
    answer = api.send("POST", "/v1/batch", body, {"Content-Encoding": "gzip"})
    assert answer.status_code == 413
    assert api.requests == []


def test_a_body_over_the_limit_is_refused_before_its_end(api: LocalApi) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent <= 2 * MAX_BODY_BYTES:
            sent += 1_000_000
            yield b" " * 1_000_000

    answer = api.send("POST", "/stores/shop/events", endless())
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert api.requests == []


def test_a_stage_that_does_not_answer_is_a_problem(api: LocalApi) -> None:
    api.answer = httpx.ConnectError("refused")
    answer = api.send("GET", '/stores/shop/customers/"x"')
    assert answer.status_code == 503
    assert answer.json()["instance"] == "/stores/shop/customers/%22x%22"


def test_the_path_is_filled_in_where_ministack_leaves_it_out(api: LocalApi) -> None:
    api.answer = httpx.Response(404, content=b'{"instance":"$context.path"}')
    assert api.send("GET", "/nowhere").json() == {"instance": "/nowhere"}


def test_each_refusal_has_an_id_of_its_own(api: LocalApi) -> None:
    api.answer = httpx.ConnectError("refused")
    ids = {api.send("GET", "/").json()["errors"][0]["id"] for _ in range(3)}
    assert len(ids) == 3
    assert not any("$" in one for one in ids)


def test_a_header_may_hold_any_bytes(api: LocalApi) -> None:
    headers = httpx.Headers([(b"Authorization", b"Bearer \xe9")], encoding="latin-1")
    assert api.send("GET", "/", headers=headers).status_code == 202
    assert (b"authorization", b"Bearer \xe9") in [
        (name.lower(), value) for name, value in api.requests[0].headers.raw
    ]
