"""Answers requests of the Pipelines API."""

from collections.abc import Mapping
from http import HTTPStatus

from footfall.contracts.customerio_calls import CallType
from footfall.domain.faults import MAX_LISTED_FAULTS
from footfall.http import customerio_routes as routes
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from footfall.http.route import Route
from footfall.observability import function_logger
from ingest.pipelines.acceptance import Acceptance, accept_batch, accept_call
from ingest.pipelines.bodies import read_body
from ingest.pipelines.settings import browser_settings
from ingest.queueing import queue_accepted
from ingest.reception import Reception

STRICT_MODE = "X-Strict-Mode"
"""Set to 1, it asks for the faults of bad calls, where the answer else is that of good ones."""

_CALLS: Mapping[Route, CallType] = {
    routes.CALL_IDENTIFY: CallType.IDENTIFY,
    routes.CALL_TRACK: CallType.TRACK,
    routes.CALL_PAGE: CallType.PAGE,
    routes.CALL_SCREEN: CallType.SCREEN,
    routes.CALL_GROUP: CallType.GROUP,
    routes.CALL_ALIAS: CallType.ALIAS,
    routes.BROWSER_IDENTIFY: CallType.IDENTIFY,
    routes.BROWSER_TRACK: CallType.TRACK,
    routes.BROWSER_PAGE: CallType.PAGE,
    routes.BROWSER_SCREEN: CallType.SCREEN,
    routes.BROWSER_GROUP: CallType.GROUP,
    routes.BROWSER_ALIAS: CallType.ALIAS,
}
_MAX_LOGGED_REASONS = 10

logger = function_logger("ingest")


def answer(route: Route, reception: Reception, request: Request) -> Response:
    """Queue what the calls of a request mean; 200 only when the queue has confirmed all of it."""
    if route == routes.BROWSER_SETTINGS:
        return browser_settings(request)
    if route == routes.BROWSER_METRICS:  # how the SDK does, and nothing of customers
        return _accepted()
    acceptance = _accept(route, reception, request)
    queue_accepted(acceptance.instructions, rejected=acceptance.rejected)
    if acceptance.rejected:
        _log(acceptance)
        if request.headers.get(STRICT_MODE.lower(), "").strip() == "1":
            raise _refused(acceptance)
    return _accepted()


def _accept(route: Route, reception: Reception, request: Request) -> Acceptance:
    document = read_body(request)
    call_type = _CALLS.get(route)
    if call_type is None:
        return accept_batch(document, reception)
    return accept_call(call_type, document, reception)


def _log(acceptance: Acceptance) -> None:
    """Leave a trace of what the sender may never be told; the reasons repeat none of its data."""
    reasons = sorted({fault.detail for fault in acceptance.faults})
    logger.info(
        "calls rejected", rejected=acceptance.rejected, reasons=reasons[:_MAX_LOGGED_REASONS]
    )


def _refused(acceptance: Acceptance) -> ProblemError:
    """Return the problem of the bad calls.

    It is a 400 even where others are accepted: no client sends a batch again for that, so nothing
    is told twice.
    """
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        f"Calls that are rejected: {acceptance.rejected}; `errors` says why. All others are taken.",
        acceptance.faults[:MAX_LISTED_FAULTS],
    )


def _accepted() -> Response:
    return json_response(HTTPStatus.OK, {})
