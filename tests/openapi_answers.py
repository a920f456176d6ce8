"""Holds real answers against docs/openapi.json: what it promises is what is sent."""

import json
from typing import TYPE_CHECKING, Any, cast

from openapi_schema_validator import OAS31Validator

from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from openapi.document import openapi_document

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOCUMENT = cast("Mapping[str, Any]", openapi_document())


def described_statuses(route: Route) -> set[str]:
    """Return the statuses that the document knows of the route."""
    return set(_DOCUMENT["paths"][route.path][route.method.lower()]["responses"])


def assert_described(route: Route, response: ProxyResponse) -> None:
    """Fail unless the document knows this answer of the route, its media type and its schema."""
    described = _DOCUMENT["paths"][route.path][route.method.lower()]["responses"]
    answer = described[str(response["statusCode"])]
    if "$ref" in answer:
        answer = _DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    headers = cast("Mapping[str, str]", response["headers"])
    assert set(headers) - {"Content-Type"} <= answer.get("headers", {}).keys()
    if response["body"] == "":
        return
    schema = answer["content"][headers["Content-Type"]]["schema"]
    validator = OAS31Validator({**schema, "components": _DOCUMENT["components"]})
    validator.validate(json.loads(str(response["body"])))
