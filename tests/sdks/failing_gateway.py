"""A gateway that refuses the first requests as the deployed one does, and lets the others pass."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.gateway import GatewayResponse, Refusal, read_refusal
from local.serving import issue_certificate, serve
from tests.e2e.local_cloud import LocalCloud
from tests.sdks.listening import listen
from tests.sdks.sdk import Place

Refusals: TypeAlias = tuple[GatewayResponse, GatewayResponse]
"""What a gateway answers by itself, with 429 and with 503."""

_Header: TypeAlias = tuple[bytes, bytes]

_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
_SECONDS_TO_ANSWER = 60
_NOT_FORWARDED = frozenset({b"connection", b"transfer-encoding", b"content-length"})
_NOT_RETURNED = _NOT_FORWARDED | {b"content-encoding", b"date"}


def deployed_refusals(cloud: LocalCloud) -> Refusals:
    """Return with what the API Gateway that is deployed says 429 and 503 by itself."""
    api = cloud.outputs["ApiId"]
    with cloud.reached_by_boto3():
        return read_refusal(api, Refusal.THROTTLED), read_refusal(api, Refusal.NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that came, and the status of its answer."""

    method: str
    path: str
    status: int


class FailingGateway:
    """Stands in front of Footfall while a test runs.

    Attributes:
        place: where SDKs reach it.
        exchanges: what it was asked and how that was answered, in order.
    """

    def __init__(self, api: str, place: Place) -> None:
        self.place = place
        self.exchanges: list[Exchange] = []
        self._api = httpx.URL(api)
        self._refusals: deque[GatewayResponse] = deque()
        self._refused_paths = ""

    def refuse(self, *refusals: GatewayResponse, at: str = "/") -> None:
        """Answer the next requests so, one after the other, whose paths begin like that."""
        self._refusals.extend(refusals)
        self._refused_paths = at

    def statuses(self, method: str) -> list[int]:
        """Return how the requests of a method were answered."""
        return [one.status for one in self.exchanges if one.method == method]

    @property
    def app(self) -> Starlette:
        """The application that answers."""
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=_METHODS)])

    async def _answer(self, request: Request) -> Response:
        path: str = request.scope["raw_path"].decode("latin-1")
        body = await request.body()
        if self._refusals and path.startswith(self._refused_paths):
            answer = _refuse(self._refusals.popleft(), path)
        else:
            answer = await self._forward(request, body)
        self.exchanges.append(Exchange(request.method, path, answer.status_code))
        return answer

    async def _forward(self, request: Request, body: bytes) -> Response:
        query: bytes = request.scope["query_string"]
        target: bytes = request.scope["raw_path"] + (b"?" + query if query else b"")
        async with httpx.AsyncClient(timeout=_SECONDS_TO_ANSWER, trust_env=False) as api:
            answer = await api.request(
                request.method,
                self._api.copy_with(raw_path=target),
                headers=_without(request.headers.raw, _NOT_FORWARDED),
                content=body,
            )
        response = Response(answer.content, answer.status_code)
        response.raw_headers.extend(_without(answer.headers.raw, _NOT_RETURNED))
        return response


@contextmanager
def failing_gateway(api: str, directory: Path) -> Iterator[FailingGateway]:
    """Serve such a gateway in front of an API, over HTTP and over TLS, while the block runs."""
    ca_file = directory / "ca.pem"
    certificate = issue_certificate(ca_file)
    with listen() as (plain, url), listen("https") as (tls, tls_url):
        gateway = FailingGateway(api, Place(url, tls_url, str(ca_file)))
        with serve(gateway.app, plain), serve(gateway.app, tls, certificate):
            yield gateway


def _refuse(refusal: GatewayResponse, path: str) -> Response:
    body = refusal.body.replace("$context.path", json.dumps(path)[1:-1])
    body = body.replace("$context.requestId", "a-request-of-the-tests")
    return Response(body, refusal.status, dict(refusal.headers))


def _without(headers: Iterable[_Header], dropped: frozenset[bytes]) -> list[_Header]:
    return [(name, value) for name, value in headers if name.lower() not in dropped]
