"""The Lambda entry point of query: one answer a route."""

from collections.abc import Callable, Mapping

from footfall.http.entry_point import http_entry_point
from footfall.http.requests import Request
from footfall.http.responses import Response
from footfall.http.route import Route
from footfall.http.routes import (
    DELETE_SEGMENT,
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_EVENT_STATUS,
    GET_SEGMENT,
    LIST_CUSTOMER_EVENTS,
    LIST_CUSTOMER_SEGMENTS,
    LIST_EVENT_NAMES,
    LIST_SEGMENT_CUSTOMERS,
    LIST_SEGMENTS,
    PREVIEW_SEGMENT,
    PUT_CUSTOMER,
    PUT_SEGMENT,
)
from footfall.observability import function_logger
from query.customer_segments import list_customer_segments
from query.customers import find_customer, get_customer
from query.event_names import list_event_names
from query.event_status import get_event_status
from query.klaviyo.answers import KLAVIYO_ANSWERS
from query.put_customer import put_customer
from query.segment_members import list_segment_customers
from query.segment_preview import preview_segment
from query.segments import delete_segment, get_segment, list_segments, put_segment
from query.timeline import list_customer_events

ANSWERS: Mapping[Route, Callable[[str, Request], Response]] = {
    FIND_CUSTOMER: find_customer,
    PUT_CUSTOMER: put_customer,
    GET_CUSTOMER: get_customer,
    LIST_CUSTOMER_EVENTS: list_customer_events,
    LIST_CUSTOMER_SEGMENTS: list_customer_segments,
    LIST_EVENT_NAMES: list_event_names,
    GET_EVENT_STATUS: get_event_status,
    LIST_SEGMENTS: list_segments,
    PUT_SEGMENT: put_segment,
    GET_SEGMENT: get_segment,
    DELETE_SEGMENT: delete_segment,
    LIST_SEGMENT_CUSTOMERS: list_segment_customers,
    PREVIEW_SEGMENT: preview_segment,
    **KLAVIYO_ANSWERS,
}

logger = function_logger("query")


@http_entry_point(logger)
def handler(route: Route, store_id: str, request: Request) -> Response:
    """Answer one request."""
    return ANSWERS[route](store_id, request)
