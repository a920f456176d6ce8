"""The entry point that every HTTP function shares: from proxy event to proxy response.

It finds the route, lets in only the right store with the right scope, and turns every exception
into an answer. Nothing that went wrong is ever answered with the gateway's own words.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias

from aws_lambda_powertools import Logger

from footfall.domain.faults import FaultyDocumentError
from footfall.errors import PermanentError, TransientError
from footfall.http.access import authorized_store
from footfall.http.problems import ProblemError, faulty_body
from footfall.http.refusals import refusal
from footfall.http.requests import ProxyEvent, Request, read_request
from footfall.http.responses import ProxyResponse, Response, to_proxy
from footfall.http.route import Family, Route
from footfall.http.routes import ROUTES
from footfall.observability import without_data

Handle: TypeAlias = Callable[[Route, str, Request], Response]
"""Answers a request on a route for a store: the store of the caller's key."""

FindStore: TypeAlias = Callable[[Request, Route], str]
"""Finds the store that a request on a route may touch; raises a ProblemError if none."""

LambdaHandler: TypeAlias = Callable[[ProxyEvent, object], ProxyResponse]


def http_entry_point(
    logger: Logger, find_store: FindStore = authorized_store
) -> Callable[[Handle], LambdaHandler]:
    """Make a Lambda handler out of a function that answers requests."""

    def decorate(handle: Handle) -> LambdaHandler:
        def handler(event: ProxyEvent, _context: object) -> ProxyResponse:
            request = read_request(event)
            with logger.append_context_keys(request_id=request.request_id):
                return to_proxy(_answer(handle, find_store, request, logger))

        return handler

    return decorate


def _answer(handle: Handle, find_store: FindStore, request: Request, logger: Logger) -> Response:
    family = Family.OWN
    try:
        route = _route(request)
        family = route.family
        return handle(route, find_store(request, route), request)
    except ProblemError as error:
        problem = error
    except FaultyDocumentError as error:
        problem = faulty_body(error.faults)
    except PermanentError as error:
        problem = ProblemError(HTTPStatus.BAD_REQUEST, f"{error}.")
    except TransientError as error:
        logger.warning("a service did not answer as it should", reason=str(error))
        problem = ProblemError(
            HTTPStatus.SERVICE_UNAVAILABLE, "Footfall is busy. Please send the request again."
        )
    except Exception as error:  # noqa: BLE001 - the entry point answers whatever happens
        logger.error("unexpected error", extra=without_data(error))  # noqa: TRY400 - as it says
        problem = ProblemError(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Footfall failed. The fault is on its side."
        )
    return refusal(problem, request, family)


def _route(request: Request) -> Route:
    for route in ROUTES:
        if (route.method, route.path) == (request.method, request.resource):
            return route
    raise ProblemError(HTTPStatus.NOT_FOUND, "There is no such resource.")
