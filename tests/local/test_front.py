"""The front: what it hands on, what it keeps back, and what it says by itself."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from urllib.parse import unquote

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from footfall.domain.stores import usage_key
from local.front import MAX_BODY_BYTES, create_front
from local.gateway import Gateway, GatewayResponse, Refusal
from local.throttle import Limit, Throttle

GATEWAY = Gateway(
    url="http://127.0.0.1:4566/_aws/execute-api/a1b2/local",
    limits={"/stores/{storeId}/events/POST": Limit(rate=1, burst=2)},
    refusals={
        refusal: GatewayResponse(
            status, {"Content-Type": "application/problem+json"}, '{"instance":"$context.path"}'
        )
        for refusal, status in {
            Refusal.THROTTLED: HTTPStatus.TOO_MANY_REQUESTS,
            Refusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            Refusal.NO_ANSWER: HTTPStatus.SERVICE_UNAVAILABLE,
        }.items()
    },
)


class LocalApi:
    """The front, before a stage that remembers the requests and answers as it is told."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: httpx.Response | Exception = httpx.Response(202)
        self._front = create_front(
            GATEWAY, Throttle(GATEWAY.limits), httpx.MockTransport(self._handle)
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


def test_the_answer_comes_back_whole(api: LocalApi) -> None:
    api.answer = httpx.Response(
        201, headers=[("X-Page-Next", "abc"), ("X-Many", "1"), ("X-Many", "2")], content=b"{}"
    )
    answer = api.send("PUT", "/stores/shop/customers")
    assert (answer.status_code, answer.content) == (201, b"{}")
    assert answer.headers["X-Page-Next"] == "abc"
    assert answer.headers.get_list("X-Many") == ["1", "2"]
    assert answer.headers["Content-Length"] == "2"


def test_the_usage_key_is_the_one_of_the_store_in_the_path(api: LocalApi) -> None:
    api.send("GET", "/stores/shop/event-names", headers={"X-Api-Key": "somebody else's"})
    assert api.requests[0].headers.get_list("x-api-key") == [usage_key("shop")]


def test_a_path_without_a_store_has_no_usage_key(api: LocalApi) -> None:
    api.send("GET", "/", headers={"X-Api-Key": "anything"})
    assert "x-api-key" not in api.requests[0].headers


@pytest.mark.parametrize("segment", ["a%2Fb", "50%25", "%40home", "a%23b", "%C3%BC", "a+b"])
def test_a_path_segment_is_what_it_was_after_one_decoding(api: LocalApi, segment: str) -> None:
    api.send("GET", f"/stores/shop/events/{segment}")
    assert unquote(api.requests[0].url.raw_path.decode()).endswith(f"/events/{segment}")


def test_more_than_the_plan_allows_is_refused(api: LocalApi) -> None:
    answers = [api.send("POST", "/stores/shop/events") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[2].json() == {"instance": "/stores/shop/events"}
    assert len(api.requests) == 2


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
    assert answer.json() == {"instance": "/stores/shop/customers/%22x%22"}


def test_the_path_is_filled_in_where_ministack_leaves_it_out(api: LocalApi) -> None:
    api.answer = httpx.Response(404, content=b'{"instance":"$context.path"}')
    assert api.send("GET", "/nowhere").json() == {"instance": "/nowhere"}


def test_a_header_may_hold_any_bytes(api: LocalApi) -> None:
    headers = httpx.Headers([(b"Authorization", b"Bearer \xe9")], encoding="latin-1")
    assert api.send("GET", "/", headers=headers).status_code == 202
    assert (b"authorization", b"Bearer \xe9") in [
        (name.lower(), value) for name, value in api.requests[0].headers.raw
    ]
