"""The front: the API on one root URL, as a custom domain serves it on AWS.

It drops the stage from the path and closes the gaps between MiniStack's API Gateway and the real
one. MiniStack takes the usage key from a header where AWS takes it from the authorizer, and then
keeps the deployed usage plan itself.
"""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import unquote

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from footfall.domain.stores import usage_key
from footfall.http.problems import ProblemError, problem_response

MAX_BODY_BYTES = 10_000_000
"""What API Gateway takes of a request body."""

MAX_REQUESTS_IN_FLIGHT = 8
"""MiniStack starts a process of each function for every request in flight; these are many."""

_SECONDS_TO_ANSWER = 60
_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
_STORE_PATH = re.compile(r"/stores/([^/]+)")
_USAGE_KEY_HEADER = "x-api-key"
_NOT_FORWARDED = frozenset(
    {
        *("connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"),
        *("content-length", "host", _USAGE_KEY_HEADER),
    }
)
_NO_ANSWER = ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "The local cloud does not answer.")
_NOT_RETURNED = frozenset({"connection", "transfer-encoding", "content-length", "date"})


def create_front(stage_url: str, transport: httpx.AsyncBaseTransport | None = None) -> Starlette:
    """Return the application that hands every request to the deployed stage.

    Args:
        stage_url: where MiniStack executes the stage.
        transport: in the place of the network, for tests.
    """

    @asynccontextmanager
    async def connect(_: Starlette) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
        async with httpx.AsyncClient(
            base_url=stage_url,
            limits=httpx.Limits(max_connections=MAX_REQUESTS_IN_FLIGHT),
            timeout=httpx.Timeout(_SECONDS_TO_ANSWER, pool=None),  # others wait for their turn
            transport=transport,
            trust_env=False,
        ) as gateway:
            yield {"gateway": gateway}

    return Starlette(
        routes=[Route("/{path:path}", _forward, methods=_METHODS)], lifespan=connect
    )


async def _forward(request: Request) -> Response:
    gateway: httpx.AsyncClient = request.state.gateway
    path: str = request.scope["raw_path"].decode("latin-1")
    try:
        body = await _read_body(request)
        answer = await gateway.send(_to_gateway(gateway, request, path, body))
    except ProblemError as problem:
        return _refuse(problem, path)
    except httpx.TransportError:
        return _refuse(_NO_ANSWER, path)
    return _from_gateway(answer, path)


async def _read_body(request: Request) -> bytes:
    """Return the body.

    Raises:
        ProblemError: 413 as soon as it is larger than API Gateway takes, 400 if it ends too early.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise ProblemError(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request body is too large."
                )
    except ClientDisconnect:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The request body is incomplete.") from None
    return bytes(body)


def _to_gateway(
    gateway: httpx.AsyncClient, request: Request, path: str, body: bytes
) -> httpx.Request:
    headers = _without(request.headers.items(), _NOT_FORWARDED)
    if store := _STORE_PATH.match(path):
        headers.append((_USAGE_KEY_HEADER, usage_key(unquote(store[1]))))
    # MiniStack decodes the path before it looks for the route; API Gateway leaves it encoded and
    # hands its parameters to the function that way. A second encoding comes out as the first.
    target = gateway.base_url.copy_with(
        raw_path=(
            gateway.base_url.raw_path.rstrip(b"/")
            + path.replace("%", "%25").encode("latin-1")
            + (b"?" + request.scope["query_string"] if request.scope["query_string"] else b"")
        )
    )
    return gateway.build_request(request.method, target, headers=headers, content=body)


def _from_gateway(answer: httpx.Response, path: str) -> Response:
    # MiniStack does not fill in the path in what the gateway answers by itself.
    content = answer.content.replace(b"$context.path", path.encode("latin-1"))
    response = Response(content, answer.status_code)
    del response.headers["content-length"]
    response.raw_headers.extend(
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in _without(answer.headers.multi_items(), _NOT_RETURNED)
    )
    response.headers["content-length"] = str(len(content))
    return response


def _refuse(problem: ProblemError, path: str) -> Response:
    response = problem_response(problem, path)
    return Response(response.body, response.status, dict(response.headers))


def _without(
    headers: Iterable[tuple[str, str]], dropped: frozenset[str]
) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in dropped]
