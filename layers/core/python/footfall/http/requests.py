"""Requests, as API Gateway's Lambda proxy integration hands them to a function."""

import base64
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypedDict
from urllib.parse import unquote

from footfall.domain.faults import Fault
from footfall.domain.limits import MAX_BODY_BYTES
from footfall.domain.strict_json import InvalidJsonError, parse_json
from footfall.domain.values import JsonValue
from footfall.http.problems import ProblemError, faulty_body

JSON = "application/json"
_REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"
_GZIP_BEGINS = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_ENCODINGS = frozenset({"", "identity", "gzip"})


class RequestContext(TypedDict, total=False):
    """What API Gateway knows about a request; `authorizer` holds what the authorizer said."""

    requestId: str
    stage: str
    authorizer: Mapping[str, str]


class ProxyEvent(TypedDict):
    """The parts of a proxy event that Footfall reads."""

    httpMethod: str
    resource: str
    path: str
    headers: Mapping[str, str] | None
    queryStringParameters: Mapping[str, str] | None
    pathParameters: Mapping[str, str] | None
    requestContext: RequestContext
    body: str | None
    isBase64Encoded: bool


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        resource: the path of its route, such as `/stores/{storeId}/events`.
        headers: by lower-case name.
        path_parameters: percent-decoded.
        authorizer: what the authorizer said about the caller.
        stage: the stage of the API, with which the path begins at the API's own host name.
    """

    request_id: str
    method: str
    resource: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path_parameters: Mapping[str, str]
    authorizer: Mapping[str, str]
    body: str
    body_is_base64: bool
    stage: str = ""


def read_request(event: ProxyEvent) -> Request:
    """Return the request of a proxy event."""
    context = event["requestContext"]
    return Request(
        request_id=context.get("requestId", ""),
        method=event["httpMethod"],
        resource=event["resource"],
        path=event["path"],
        headers={name.lower(): value for name, value in (event["headers"] or {}).items()},
        query=event["queryStringParameters"] or {},
        path_parameters={
            name: unquote(value) for name, value in (event["pathParameters"] or {}).items()
        },
        authorizer=context.get("authorizer") or {},
        body=event["body"] or "",
        body_is_base64=event["isBase64Encoded"],
        stage=context.get("stage", ""),
    )


def read_json_body(request: Request, media_types: Collection[str] = frozenset({JSON})) -> JsonValue:
    """Return the JSON document in the body.

    Args:
        media_types: those that clients of the route send JSON as; "" for a body without any.

    Raises:
        ProblemError: 415 for another media type, character set or content encoding, 413 for a
            body over the limit, 400 for a body that is empty, not UTF-8 or not strict JSON.
    """
    return document_in(read_text_body(request, media_types))


def document_in(text: str) -> JsonValue:
    """Return the JSON document that the text of a body is.

    Raises:
        ProblemError: 400 when it is empty or not strict JSON.
    """
    if not text.strip():
        raise _malformed("The body is empty; it must be JSON.")
    try:
        return parse_json(text)
    except InvalidJsonError as error:
        raise _malformed(f"The body is not valid JSON: {error}.") from None


def read_text_body(request: Request, media_types: Collection[str]) -> str:
    """Return the text of the body, and nothing of its meaning; otherwise as `read_json_body`."""
    _check_media_type(request.headers, media_types)
    content = _content(request)
    if len(content) > MAX_BODY_BYTES:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The request body is larger than {MAX_BODY_BYTES} bytes.",
        )
    return _text(content, request)


def media_type_of(request: Request) -> str:
    """Return the media type of the body, in lower case and without parameters; "" if none."""
    return request.headers.get("content-type", "").lower().partition(";")[0].strip()


def _check_media_type(headers: Mapping[str, str], media_types: Collection[str]) -> None:
    media_type, *parameters = headers.get("content-type", "").lower().split(";")
    settings = [parameter.strip().replace('"', "") for parameter in parameters]
    if media_type.strip() not in media_types or any(
        setting.startswith("charset=") and setting != "charset=utf-8" for setting in settings
    ):
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Send the body as UTF-8 JSON, with the header `Content-Type: application/json`.",
        )
    if headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Send the body as it is or as gzip; no other `Content-Encoding` is supported.",
        )


def _content(request: Request) -> bytes:
    """Return the bytes of the body; API Gateway unpacks gzip itself, others may leave it packed."""
    if not request.body_is_base64:
        return request.body.encode()
    try:
        content = base64.b64decode(request.body, validate=True)
    except ValueError:
        raise _malformed("The body is not valid base64.") from None
    return _unpacked(content) if content.startswith(_GZIP_BEGINS) else content


def _unpacked(content: bytes) -> bytes:
    """Return what gzip packed, up to one byte more than a body may have."""
    unpacking = zlib.decompressobj(_GZIP_WINDOW)
    try:
        unpacked = unpacking.decompress(content, MAX_BODY_BYTES + 1)
    except zlib.error:
        raise _malformed("The body is not valid gzip.") from None
    if not unpacking.eof and len(unpacked) <= MAX_BODY_BYTES:
        raise _malformed("The body is not valid gzip.")
    return unpacked


def _text(content: bytes, request: Request) -> str:
    """Decode the body, and notice where the gateway has decoded it already, and badly.

    The gateway replaces every byte that is not UTF-8 by U+FFFD, which is three bytes long: the body
    then no longer has the length that its sender announced.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise _malformed("The body is not UTF-8.") from None
    announced = request.headers.get("content-length", "")
    if (
        not request.body_is_base64
        and "content-encoding" not in request.headers
        and _REPLACEMENT_CHARACTER in text
        and announced.isdecimal()
        and announced.lstrip("0") != str(len(content))  # a number of any length, so no `int`
    ):
        raise _malformed("The body is not UTF-8.")
    return text


def _malformed(detail: str) -> ProblemError:
    return faulty_body([Fault("", detail)])
