"""Calls query as API Gateway does, and reads its answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from footfall.domain.strict_json import dump_json, parse_json
from footfall.http.route import Family, Route
from query.handler import handler
from tests.builders import STORE
from tests.openapi_answers import assert_described
from tests.proxy_events import ALL_SCOPES, headers_of, proxy_event


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """A key of a store; `path_store` is the store that its requests name in the path."""

    store_id: str = STORE
    scopes: str = ALL_SCOPES
    path_store: str | None = None

    def call(
        self,
        route: Route,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        **path: str,
    ) -> Answer:
        encoded: dict[str, Any] = {name: quote(value, safe="") for name, value in path.items()}
        event = proxy_event(
            route,
            None if body is None else dump_json(body),
            headers=headers,
            query=query,
            store_id=self.path_store or self.store_id,
            key_store_id=self.store_id,
            scopes=self.scopes,
            **encoded,
        )
        response = handler(event, None)
        if route.family is Family.OWN:
            assert_described(route, response)
        text = cast("str", response["body"])
        return Answer(
            cast("int", response["statusCode"]),
            headers_of(response),
            cast("Mapping[str, Any]", parse_json(text)) if text else {},
        )

    def pages(self, route: Route, array: str, *, size: int, **parts: Any) -> Iterator[list[Any]]:  # noqa: ANN401
        """Walk a list to its end, as X-Page-Next leads."""
        headers = {"X-Page-Size": str(size)}
        while True:
            answer = self.call(route, headers=headers, **parts)
            assert answer.status == 200, answer
            yield answer.body[array]
            if "X-Page-Next" not in answer.headers:
                return
            headers["X-Page-Continue"] = answer.headers["X-Page-Next"]
