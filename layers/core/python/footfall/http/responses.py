"""Responses, in the form API Gateway takes from a function."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeAlias

from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject

ProxyResponse: TypeAlias = "dict[str, int | str | dict[str, str]]"


@dataclass(frozen=True, slots=True)
class Response:
    """What a request is answered with."""

    status: HTTPStatus
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


def json_response(
    status: HTTPStatus,
    document: JsonObject,
    headers: Mapping[str, str] | None = None,
    *,
    media_type: str = "application/json",
) -> Response:
    """Return an answer with a JSON body; decimals keep every digit."""
    return Response(status, {"Content-Type": media_type, **(headers or {})}, dump_json(document))


def to_proxy(response: Response) -> ProxyResponse:
    """Return the answer as API Gateway's Lambda proxy integration reads it."""
    return {
        "statusCode": int(response.status),
        "headers": dict(response.headers),
        "body": response.body,
    }
