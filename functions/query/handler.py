"""The Lambda entry point of query: one answer a route."""

from collections.abc import Callable, Mapping

from footfall.http.entry_point import http_entry_point
from footfall.http.requests import Request
from footfall.http.responses import Response
from footfall.http.routes import (
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_EVENT_STATUS,
    LIST_CUSTOMER_EVENTS,
    LIST_EVENT_NAMES,
    PUT_CUSTOMER,
    Route,
)
from footfall.observability import function_logger
from query.customers import find_customer, get_customer
from query.event_names import list_event_names
from query.event_status import get_event_status
from query.put_customer import put_customer
from query.timeline import list_customer_events

ANSWERS: Mapping[Route, Callable[[str, Request], Response]] = {
    FIND_CUSTOMER: find_customer,
    PUT_CUSTOMER: put_customer,
    GET_CUSTOMER: get_customer,
    LIST_CUSTOMER_EVENTS: list_customer_events,
    LIST_EVENT_NAMES: list_event_names,
    GET_EVENT_STATUS: get_event_status,
}

logger = function_logger("query")


@http_entry_point(logger)
def handler(route: Route, store_id: str, request: Request) -> Response:
    """Answer one request."""
    return ANSWERS[route](store_id, request)
