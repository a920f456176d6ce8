"""The front: the API on one root URL, as a custom domain serves it on AWS.

It drops the stage from the path, and closes the gaps between MiniStack's API Gateway and the real
one: MiniStack takes the usage key from a header, where AWS takes it from the authorizer; it does
not keep the usage plan, nor the limit on bodies; and it decodes paths.
"""

import json
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
from local.gateway import Gateway, GatewayResponse, Refusal
from local.throttle import Throttle

MAX_BODY_BYTES = 10_000_000
"""What API Gateway takes of a request body."""

_MAX_REQUESTS_IN_FLIGHT = 8
"""The others wait: a machine with a few processors answers none of them sooner."""

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
_NOT_RETURNED = frozenset({"connection", "transfer-encoding", "content-length", "date"})


def create_front(
    gateway: Gateway, throttle: Throttle, transport: httpx.AsyncBaseTransport | None = None
) -> Starlette:
    """Return the application that hands every request to the deployed stage.

    Args:
        gateway: the deployed stage.
        throttle: its usage plan, shared by all the fronts of the stage.
        transport: stands for the network in tests.
    """

    @asynccontextmanager
    async def connect(_: Starlette) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
        async with httpx.AsyncClient(
            base_url=gateway.url,
            limits=httpx.Limits(max_connections=_MAX_REQUESTS_IN_FLIGHT),
            timeout=httpx.Timeout(_SECONDS_TO_ANSWER, pool=None),
            transport=transport,
            trust_env=False,
        ) as stage:
            yield {"stage": stage}

    async def forward(request: Request) -> Response:
        path: str = request.scope["raw_path"].decode("latin-1")
        if not throttle.admits(request.method, path):
            return _refuse(gateway.refusals[Refusal.THROTTLED], path)
        try:
            body = await _read_body(request)
            answer = await _send(request.state.stage, request, path, body)
        except _BodyTooLargeError:
            return _refuse(gateway.refusals[Refusal.TOO_LARGE], path)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)  # that nobody waits for
        except httpx.TransportError:
            return _refuse(gateway.refusals[Refusal.NO_ANSWER], path)
        return _from_gateway(answer, path)

    return Starlette(routes=[Route("/{path:path}", forward, methods=_METHODS)], lifespan=connect)


class _BodyTooLargeError(Exception):
    """The body is larger than API Gateway takes."""


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _BodyTooLargeError
    return bytes(body)


async def _send(
    stage: httpx.AsyncClient, request: Request, path: str, body: bytes
) -> httpx.Response:
    forwarded = _without(request.headers.items(), _NOT_FORWARDED)
    if store := _STORE_PATH.match(path):
        forwarded.append((_USAGE_KEY_HEADER, usage_key(unquote(store[1]))))
    # As bytes: a header may hold any, and what is wrong with it is for the API to say.
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in forwarded]
    query: bytes = request.scope["query_string"]
    # MiniStack decodes the path before it looks for the route; API Gateway leaves it encoded, and
    # hands its parameters to the function that way. A second encoding comes out as the first.
    target = path.replace("%", "%25").encode("latin-1") + (b"?" + query if query else b"")
    url = stage.base_url.copy_with(raw_path=stage.base_url.raw_path.rstrip(b"/") + target)
    return await stage.send(stage.build_request(request.method, url, headers=headers, content=body))


def _from_gateway(answer: httpx.Response, path: str) -> Response:
    response = Response(_with_path(answer.content, path), answer.status_code)
    response.raw_headers.extend(
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in _without(answer.headers.multi_items(), _NOT_RETURNED)
    )
    return response


def _refuse(refusal: GatewayResponse, path: str) -> Response:
    return Response(_with_path(refusal.body.encode(), path), refusal.status, dict(refusal.headers))


def _with_path(body: bytes, path: str) -> bytes:
    """Fill in the path in what the gateway says by itself; MiniStack leaves its place-holder."""
    return body.replace(b"$context.path", json.dumps(path)[1:-1].encode())


def _without(headers: Iterable[tuple[str, str]], dropped: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in dropped]
