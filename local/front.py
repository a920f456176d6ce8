"""The front: the API on one root URL, as a custom domain serves it on AWS.

It drops the stage from the path, and closes the gaps between MiniStack's API Gateway and the real
one: MiniStack takes the usage key from a header, where AWS takes it from the authorizer; it keeps
neither the usage plan, nor the limits of the stage's methods, nor the limit on bodies; it does not
unpack bodies; and it decodes paths.
"""

import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TypeAlias

import httpx
from anyio import to_thread
from starlette.applications import Starlette
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from footfall.domain.stores import usage_key
from footfall.errors import FootfallError
from footfall.http.credentials import find_key
from footfall.http.route import Route as DeployedRoute
from local.gateway import Gateway, GatewayResponse, Refusal
from local.routing import find_route
from local.throttle import Throttle
from local.unpacking import NotPackedError, TooMuchPackedError, unpacked

FindStore: TypeAlias = Callable[[str], str | None]
"""Finds the store that an API key opens; None if it opens none."""

MAX_BODY_BYTES = 10_000_000
"""What API Gateway takes of a request body."""

_MAX_REQUESTS_IN_FLIGHT = 8
"""The others wait: a machine with a few processors answers none of them sooner."""

_SECONDS_TO_ANSWER = 60
_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
_USAGE_KEY_HEADER = "x-api-key"
_SCHEME_HEADER = "x-forwarded-proto"
_HOST_HEADER = "x-forwarded-host"
_NOT_FORWARDED = frozenset(
    {
        *("connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"),
        *("content-encoding", "content-length", "host"),
        *(_USAGE_KEY_HEADER, _SCHEME_HEADER, _HOST_HEADER),
    }
)
_NOT_RETURNED = frozenset({"connection", "transfer-encoding", "content-length", "date"})


def create_front(
    gateway: Gateway,
    throttle: Throttle,
    find_store: FindStore,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Starlette:
    """Return the application that hands every request to the deployed stage.

    Args:
        gateway: the deployed stage.
        throttle: its limits, shared by all the fronts of the stage.
        find_store: knows the API keys, as the stage's authorizer does; it may block.
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
        try:
            route = find_route(request.method, path)
            store_id = await _find_store(request, route, find_store)
            if route and not throttle.admits(f"{route.path}/{route.method}", store_id):
                return _refuse(gateway.refusals[Refusal.THROTTLED], path)
            body = await _read_body(request)
            answer = await _send(request.state.stage, request, path, body, store_id)
        except TooMuchPackedError:
            return _refuse(gateway.refusals[Refusal.TOO_LARGE], path)
        except NotPackedError:
            return _refuse(gateway.refusals[Refusal.NOT_PACKED], path)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)  # that nobody waits for
        except (httpx.TransportError, FootfallError):
            return _refuse(gateway.refusals[Refusal.NO_ANSWER], path)
        return _from_gateway(answer, path)

    every_path = Route("/{path:every_path}", forward, methods=_METHODS)
    return Starlette(routes=[every_path], lifespan=connect)


class _EveryPath(PathConvertor):
    """A path of any characters: Starlette's own ends at a line feed, which may be sent encoded."""

    regex = r"[\s\S]*"


register_url_convertor("every_path", _EveryPath())


async def _find_store(
    request: Request, route: DeployedRoute | None, find_store: FindStore
) -> str | None:
    if route is None:
        return None
    api_key = find_key(route.credential, request.headers, request.query_params)
    return await to_thread.run_sync(find_store, api_key) if api_key else None


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise TooMuchPackedError
    return unpacked(bytes(body), request.headers.get("content-encoding", ""), MAX_BODY_BYTES)


async def _send(
    stage: httpx.AsyncClient, request: Request, path: str, body: bytes, store_id: str | None
) -> httpx.Response:
    forwarded = _without(request.headers.items(), _NOT_FORWARDED)
    # AWS tells the scheme in this header, too. It leaves the host in Host, by which MiniStack tells
    # its services apart.
    forwarded.append((_SCHEME_HEADER, request.url.scheme))
    forwarded.append((_HOST_HEADER, request.headers.get("host", "")))
    if store_id is not None:
        forwarded.append((_USAGE_KEY_HEADER, usage_key(store_id)))
    # As bytes: a header may hold any, and what is wrong with it is for the API to say.
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in forwarded]
    query: bytes = request.scope["query_string"]
    # MiniStack decodes the path before it looks for the route; API Gateway leaves it encoded, and
    # hands its parameters to the function that way. A second encoding comes out as the first.
    target = path.replace("%", "%25").encode("latin-1") + (b"?" + query if query else b"")
    url = stage.base_url.copy_with(raw_path=stage.base_url.raw_path.rstrip(b"/") + target)
    return await stage.send(stage.build_request(request.method, url, headers=headers, content=body))


def _from_gateway(answer: httpx.Response, path: str) -> Response:
    response = Response(_filled_in(answer.content, path), answer.status_code)
    response.raw_headers.extend(
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in _without(answer.headers.multi_items(), _NOT_RETURNED)
    )
    return response


def _refuse(refusal: GatewayResponse, path: str) -> Response:
    return Response(_filled_in(refusal.body.encode(), path), refusal.status, dict(refusal.headers))


def _filled_in(body: bytes, path: str) -> bytes:
    """Fill in what the gateway says by itself; MiniStack leaves a place-holder for the path."""
    in_json = json.dumps(path)[1:-1].encode()
    request_id = str(uuid.uuid4()).encode()
    return body.replace(b"$context.path", in_json).replace(b"$context.requestId", request_id)


def _without(headers: Iterable[tuple[str, str]], dropped: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in dropped]
