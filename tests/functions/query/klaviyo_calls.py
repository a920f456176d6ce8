"""Calls Klaviyo's reading routes as its clients do."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from footfall.http.route import Route
from tests.functions.query.calls import Answer, Caller

HOST = "https://events.example.com"
HEADERS = {"revision": "2026-07-15", "Host": "events.example.com"}


def get(
    route: Route,
    query: Mapping[str, str] | None = None,
    *,
    caller: Caller | None = None,
    headers: Mapping[str, str] | None = None,
    **path: str,
) -> Answer:
    """Return the answer to a request."""
    sent = {**HEADERS, **(headers or {})}
    answer = (caller or Caller()).call(route, query=query, headers=sent, **path)
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    return answer


def found(
    route: Route,
    query: Mapping[str, str] | None = None,
    **path: Any,  # noqa: ANN401  # of texts
) -> Mapping[str, Any]:
    """Return the document that a request is answered with."""
    answer = get(route, query, **path)
    assert answer.status == 200, answer
    return answer.body


def ids(document: Mapping[str, Any]) -> list[str]:
    return [resource["id"] for resource in document["data"]]


def pages(route: Route, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Walk a list to its end, as the links lead."""
    while True:
        document = found(route, query)
        yield document
        following = document["links"]["next"]
        if following is None:
            return
        assert following.startswith(f"{HOST}{route.path}?")
        query = {name: values[0] for name, values in parse_qs(urlsplit(following).query).items()}


def refused_parameter(route: Route, query: Mapping[str, str]) -> str:
    """Return which parameter a request is refused for."""
    answer = get(route, query)
    assert answer.status == 400, answer
    (error,) = answer.body["errors"]
    assert error["code"] == "invalid"
    return str(error["source"]["parameter"])
