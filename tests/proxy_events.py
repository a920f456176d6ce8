"""Builds the events in which API Gateway hands requests to functions, and reads their answers."""

import json
from collections.abc import Mapping
from typing import Any, cast

from footfall.domain.stores import Scope
from footfall.http.access import SCOPES, STORE_ID
from footfall.http.requests import ProxyEvent
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route

STORE = "64e5a8a1af49a89df37e4ee7"
ALL_SCOPES = " ".join(Scope)


def proxy_event(  # noqa: PLR0913  # every part of a request may matter to a test
    route: Route,
    body: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    store_id: str = STORE,
    key_store_id: str = STORE,
    scopes: str = ALL_SCOPES,
    is_base64: bool = False,
    **path_parameters: str,
) -> ProxyEvent:
    """Return a request on a route: `store_id` is in its path, `key_store_id` that of its key."""
    parameters = {"storeId": store_id, **path_parameters}
    return {
        "httpMethod": route.method,
        "resource": route.path,
        "path": route.path.format(**parameters),
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "queryStringParameters": query,
        "pathParameters": parameters,
        "requestContext": {
            "requestId": "0f1e2d3c",
            "authorizer": {STORE_ID: key_store_id, SCOPES: scopes},
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }


def json_of(response: ProxyResponse) -> dict[str, Any]:
    """Return the JSON document in an answer."""
    return cast("dict[str, Any]", json.loads(str(response["body"])))


def headers_of(response: ProxyResponse) -> Mapping[str, str]:
    return cast("Mapping[str, str]", response["headers"])


def faults_of(response: ProxyResponse) -> dict[str, str]:
    """Return the faults of a 400 problem: pointer to detail."""
    assert response["statusCode"] == 400, response
    return {fault["pointer"]: fault["detail"] for fault in json_of(response)["errors"]}
