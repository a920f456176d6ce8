"""What pages of other origins may read of an answer, on the routes that are for them."""

from http import HTTPStatus

import pytest

from footfall.domain.stores import Scope
from footfall.errors import TransientError
from footfall.http.customerio_routes import BROWSER_TRACK
from footfall.http.entry_point import http_entry_point
from footfall.http.klaviyo_routes import CREATE_CLIENT_EVENT
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from footfall.http.route import Route
from footfall.http.routes import CREATE_EVENT
from footfall.observability import function_logger
from tests.proxy_events import headers_of, proxy_event

_REFUSED = ProblemError(HTTPStatus.BAD_REQUEST, "No.")


def _origin_that_may_read(route: Route, error: Exception | None = None) -> str | None:
    @http_entry_point(function_logger("any"))
    def handler(_route: Route, _store_id: str, _request: Request) -> Response:
        if error is not None:
            raise error
        return json_response(HTTPStatus.OK, {})

    answer = handler(proxy_event(route, scopes=Scope.CUSTOMER_EVENTS_WRITE), None)
    return headers_of(answer).get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("route", [BROWSER_TRACK, CREATE_CLIENT_EVENT])
def test_any_page_may_read_what_is_final(route: Route) -> None:
    assert _origin_that_may_read(route) == "*"
    assert _origin_that_may_read(route, _REFUSED) == "*"


def test_no_page_may_read_what_asks_for_a_retry() -> None:
    # Customer.io's client for browsers would take it for success, and lose the event.
    assert _origin_that_may_read(BROWSER_TRACK, TransientError("sqs is busy")) is None


def test_no_page_may_read_the_answers_of_other_routes() -> None:
    assert _origin_that_may_read(CREATE_EVENT) is None
    assert _origin_that_may_read(CREATE_EVENT, _REFUSED) is None
