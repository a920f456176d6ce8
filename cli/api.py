"""A store's side of the HTTP API: polite requests that are repeated until they are answered."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast
from urllib.parse import quote

import httpx

from cli.cloud import Output, open_cloud, read_local_file
from cli.pace import Pace
from footfall.domain.strict_json import InvalidJsonError, parse_json
from footfall.domain.values import JsonObject, JsonValue
from footfall.errors import FootfallError

_LONGEST_WAIT = 30.0
_CLOSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class ApiError(FootfallError):
    """The API cannot be used as it is; the message says why."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the API is, which store is meant, and the key that opens it."""

    url: str
    store_id: str
    api_key: str


class StoreApi:
    """The routes of one store."""

    def __init__(
        self, access: Access, client: httpx.AsyncClient, pace: Pace, attempts: int
    ) -> None:
        self._access = access
        self._client = client
        self._pace = pace
        self._attempts = attempts
        self._has_answered = False

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: str | None = None,
    ) -> httpx.Response:
        """Return the answer to a request, repeated while the API is busy or out of reach.

        Whoever sends events gives each a uniqueId, so that a repetition stores nothing twice.

        Args:
            method: the HTTP method.
            path: what follows `/stores/{storeId}`, its variable parts quoted.
            headers: more than the authorization.
            content: a JSON document.

        Raises:
            ApiError: when the key does not open the store, or nothing answered after all attempts.
        """
        url = f"{self._access.url.rstrip('/')}/stores/{quote(self._access.store_id, safe='')}{path}"
        trouble = ""
        for attempt in range(self._attempts):
            await self._pace.turn()
            try:
                response = await self._client.request(
                    method,
                    url,
                    headers={
                        "Authorization": f"Bearer {self._access.api_key}",
                        "Content-Type": "application/json",
                        **(headers or {}),
                    },
                    content=None if content is None else content.encode(),
                )
            except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise ApiError(f"{self._access.url!r} is no URL of an API: {error}") from error
            except httpx.TransportError as error:
                trouble = str(error) or type(error).__name__
                if isinstance(error, httpx.ConnectError) and not self._has_answered:
                    break  # more likely a wrong URL than a passing fault
                self._pace.hold(_growing_wait(attempt))
            else:
                self._has_answered = True
                if response.status_code in _CLOSED:
                    raise ApiError(f"The API refuses the key: {read_problem(response)}")
                if not _is_passing(response):
                    return response
                trouble = f"it answered {response.status_code}"
                self._pace.hold(_requested_wait(response) or _growing_wait(attempt))
        raise ApiError(f"The API at {self._access.url} is not available: {trouble}.")


@asynccontextmanager
async def store_api(
    access: Access, requests_per_second: int, attempts: int = 3
) -> AsyncIterator[StoreApi]:
    """Open the API of a store, and close its connections in the end."""
    async with open_client() as client:
        yield StoreApi(access, client, Pace(requests_per_second), attempts)


def open_client() -> httpx.AsyncClient:
    """Return the HTTP client of this process."""
    return httpx.AsyncClient(timeout=httpx.Timeout(30, connect=5))


def read_access(
    stack: str | None, url: str | None, store_id: str | None, api_key: str | None
) -> Access:
    """Return where to send: what the options say, and the demo store of `make run` for the rest.

    Raises:
        ApiError: when neither says it.
    """
    demo: Mapping[str, object] = {}
    if stack is None and not (url and store_id and api_key):
        demo = read_local_file("stack.json")
    if stack is not None and url is None:
        url = open_cloud(stack).output(Output.API_URL)
    found = Access(
        url or str(demo.get("url", "")),
        store_id or str(demo.get("storeId", "")),
        api_key or str(demo.get("apiKey", "")),
    )
    if not (found.store_id and found.api_key):
        raise ApiError("Name the store with --store, and give its key in FOOTFALL_API_KEY.")
    return found


def read_object(response: httpx.Response) -> JsonObject:
    """Return the JSON object that the API answered.

    Raises:
        ApiError: when it is none, so that something else answers there.
    """
    document: JsonValue
    try:
        document = parse_json(response.text)
    except InvalidJsonError:
        document = None
    if not isinstance(document, Mapping):
        raise ApiError(
            f"{response.url} answered {response.status_code} without JSON: is this Footfall?"
        )
    return document


def read_problem(response: httpx.Response) -> str:
    """Return what the API says is wrong: every fault, or the detail, and the status."""
    try:
        problem = read_object(response)
    except ApiError:
        problem = {}
    faults = cast("Sequence[JsonObject]", problem.get("errors", []))
    listed = "; ".join(f"{fault['pointer']}: {fault['detail']}" for fault in faults)
    return f"{listed or problem.get('detail') or response.reason_phrase} ({response.status_code})"


def _is_passing(response: httpx.Response) -> bool:
    return response.status_code == HTTPStatus.TOO_MANY_REQUESTS or response.is_server_error


def _requested_wait(response: httpx.Response) -> float:
    seconds = response.headers.get("Retry-After", "")
    return min(int(seconds), _LONGEST_WAIT) if seconds.isdecimal() else 0


def _growing_wait(attempt: int) -> float:
    """Return a wait that doubles each time, with jitter so that clients do not march in step."""
    return min(2.0**attempt / 4, _LONGEST_WAIT) * random.uniform(0.5, 1)  # noqa: S311  no secret
