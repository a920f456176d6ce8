"""Refusals: what went wrong, in the words of the family whose route it went wrong on."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

from footfall.http.klaviyo_answers import JSON_API, answer_headers
from footfall.http.problems import ProblemError, problem_response, retry_headers
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from footfall.http.route import Family

if TYPE_CHECKING:
    from footfall.domain.values import JsonObject, JsonValue

_Render: TypeAlias = Callable[[ProblemError, Request], Response]

KLAVIYO_CODES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.FORBIDDEN: "permission_denied",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "payload_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.SERVICE_UNAVAILABLE: "service_unavailable",
}
_SPOT_CHARACTERS = 200
_KLAVIYO_TITLES: Mapping[HTTPStatus, str] = {HTTPStatus.BAD_REQUEST: "Invalid input."}


def refusal(problem: ProblemError, request: Request, family: Family) -> Response:
    """Return the answer to a request that is refused."""
    return _RENDERERS[family](problem, request)


def _own(problem: ProblemError, request: Request) -> Response:
    return problem_response(problem, request.path)


def _klaviyo(problem: ProblemError, request: Request) -> Response:
    """Return JSON:API errors, one for each fault; the SDKs read id, code, title and detail.

    A detail begins with its place, as some clients show nothing but the details.
    """
    status = problem.status
    place: JsonObject = {"pointer": "/data"}
    if problem.parameter is not None:
        place = {"parameter": problem.parameter}
    places: list[tuple[JsonObject, str]] = [
        (
            {"pointer": fault.pointer or "/data"},
            f"{_spot(fault.pointer)}: {fault.detail}",
        )
        for fault in problem.faults
    ]
    errors: list[JsonValue] = [
        {
            "id": request.request_id,
            "status": int(status),
            "code": KLAVIYO_CODES.get(status, "error"),
            "title": _KLAVIYO_TITLES.get(status, status.phrase),
            "detail": detail,
            "source": source,
            "links": {},
            "meta": {},
        }
        for source, detail in places or [(place, problem.detail)]
    ]
    headers = {**answer_headers(request), **retry_headers(status)}
    return json_response(status, {"errors": errors}, headers, media_type=JSON_API)


def _track_1(problem: ProblemError, _request: Request) -> Response:
    """Return what the Node SDK reads: one `error`, or a list of `errors`."""
    details: list[JsonValue] = [fault.detail for fault in problem.faults] or [problem.detail]
    meta: JsonObject = {"error": details[0]} if len(details) == 1 else {"errors": details}
    return json_response(problem.status, {"meta": meta}, retry_headers(problem.status))


def _track_2(problem: ProblemError, _request: Request) -> Response:
    errors: list[JsonValue] = [
        {"reason": "invalid", "field": _field(fault.pointer), "message": fault.detail}
        for fault in problem.faults
    ] or [{"reason": "invalid", "field": "", "message": problem.detail}]
    return json_response(problem.status, {"errors": errors}, retry_headers(problem.status))


def _pipelines(problem: ProblemError, _request: Request) -> Response:
    """Return `code` and `message`, without which the Python SDK sends a batch ten times over."""
    errors: list[JsonValue] = [
        {"pointer": fault.pointer, "message": fault.detail} for fault in problem.faults
    ]
    document: JsonObject = {
        "code": problem.status.name.lower(),
        "message": problem.detail,
        **({"errors": errors} if errors else {}),
    }
    return json_response(problem.status, document, retry_headers(problem.status))


def _yotpo(problem: ProblemError, _request: Request) -> Response:
    """Return a list of errors; Yotpo does not publish the shape of its own."""
    errors: list[JsonValue] = [
        {"field": _field(fault.pointer), "message": fault.detail} for fault in problem.faults
    ] or [{"message": problem.detail}]
    return json_response(problem.status, {"errors": errors}, retry_headers(problem.status))


def _spot(pointer: str) -> str:
    """Return the place, short enough that all faults of a request still fit an answer."""
    return _field(pointer)[-_SPOT_CHARACTERS:] or "body"


def _field(pointer: str) -> str:
    """Return the place with dots, as these families write it."""
    return pointer.removeprefix("/").replace("/", ".").replace("~1", "/").replace("~0", "~")


_RENDERERS: Mapping[Family, _Render] = {
    Family.OWN: _own,
    Family.KLAVIYO: _klaviyo,
    Family.TRACK_1: _track_1,
    Family.TRACK_2: _track_2,
    Family.PIPELINES: _pipelines,
    Family.YOTPO: _yotpo,
}
