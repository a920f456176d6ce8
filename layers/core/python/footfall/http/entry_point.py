"""The entry point that every HTTP function shares: from proxy event to proxy response.

It finds the route, lets in only the right store with the right scope, turns every exception into
an answer, and lets pages of any origin read the answers of the routes that are for them. Nothing
that went wrong is ever answered with the gateway's own words.
"""

from collections.abc import Callable
from dataclasses import replace
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

_NO_ROUTE = ProblemError(HTTPStatus.NOT_FOUND, "There is no such resource.")


def http_entry_point(
    logger: Logger, find_store: FindStore = authorized_store
) -> Callable[[Handle], LambdaHandler]:
    """Make a Lambda handler out of a function that answers requests."""

    def decorate(handle: Handle) -> LambdaHandler:
        def handler(event: ProxyEvent, _context: object) -> ProxyResponse:
            request = read_request(event)
            with logger.append_context_keys(request_id=request.request_id):
                route = _find_route(request)
                if route is None:
                    return to_proxy(refusal(_NO_ROUTE, request, Family.OWN))
                answer = _answer(handle, find_store, route, request, logger)
                asks_for_retry = "Retry-After" in answer.headers
                if route.is_for_browsers and not asks_for_retry:
                    answer = _readable_by_pages(answer)
                return to_proxy(answer)

        return handler

    return decorate


def _answer(
    handle: Handle, find_store: FindStore, route: Route, request: Request, logger: Logger
) -> Response:
    try:
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
    return refusal(problem, request, route.family)


def _readable_by_pages(answer: Response) -> Response:
    """Return the answer with the leave to read it that browsers ask for, whatever the page.

    Of every origin: what protects a store on these routes is what a public key may not do. An
    answer that asks for a retry gets no leave: Customer.io's client for browsers takes whatever it
    may read for success, and sends again what it takes for a failure of the network.
    """
    return replace(answer, headers={**answer.headers, "Access-Control-Allow-Origin": "*"})


def _find_route(request: Request) -> Route | None:
    place = request.method, request.resource
    return next((route for route in ROUTES if (route.method, route.path) == place), None)
