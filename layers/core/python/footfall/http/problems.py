"""Problems: every answer that is not a success, as RFC 7807 describes it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from footfall.domain.faults import MAX_LISTED_FAULTS, Fault
from footfall.errors import FootfallError
from footfall.http.responses import Response, json_response

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

PROBLEM_MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
"""Sent with 503 only: on a permanent fault, some clients would retry for ever."""


class ProblemError(FootfallError):
    """The request is answered with a problem; the detail is for the caller to read."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        faults: Sequence[Fault] = (),
        *,
        parameter: str | None = None,
    ) -> None:
        """Describe what is wrong.

        Args:
            status: of the answer.
            detail: for the caller to read.
            faults: each place of the body that is wrong.
            parameter: the query parameter that is wrong.
        """
        super().__init__(detail)
        self.parameter = parameter
        self.status = status
        self.detail = detail
        self.faults = tuple(faults)


def faulty_body(faults: Sequence[Fault]) -> ProblemError:
    """Return the problem of a request body that breaks its contract in one or more places."""
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        "The request body is not what is asked for; `errors` says where, and what is.",
        faults[:MAX_LISTED_FAULTS],
    )


def problem_response(problem: ProblemError, instance: str) -> Response:
    """Return the answer; `instance` is the path of the request."""
    document: dict[str, JsonValue] = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": int(problem.status),
        "detail": problem.detail,
        "instance": instance,
    }
    if problem.faults:
        document["errors"] = [
            {"pointer": fault.pointer, "detail": fault.detail} for fault in problem.faults
        ]
    headers = retry_headers(problem.status)
    return json_response(problem.status, document, headers, media_type=PROBLEM_MEDIA_TYPE)


def retry_headers(status: HTTPStatus) -> Mapping[str, str]:
    """Return the header that asks for a retry, in whole seconds, where one can help."""
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return {}
