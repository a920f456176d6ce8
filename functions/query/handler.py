"""The Lambda entry point of query: one answer a route."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from footfall.aws.clients import dynamodb
from footfall.http.entry_point import http_entry_point
from footfall.http.requests import Request
from footfall.http.responses import Response
from footfall.http.route import Family, Route
from footfall.http.routes import (
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_EVENT_STATUS,
    LIST_CUSTOMER_EVENTS,
    LIST_EVENT_NAMES,
)
from footfall.observability import function_logger
from footfall.starting import finish_start
from query.customers import find_customer, get_customer
from query.event_names import list_event_names
from query.event_status import get_event_status
from query.timeline import list_customer_events

Answers: TypeAlias = Mapping[Route, Callable[[str, Request], Response]]

_ANSWERS: Answers = {
    FIND_CUSTOMER: find_customer,
    GET_CUSTOMER: get_customer,
    LIST_CUSTOMER_EVENTS: list_customer_events,
    LIST_EVENT_NAMES: list_event_names,
    GET_EVENT_STATUS: get_event_status,
}

logger = function_logger("query")
finish_start(dynamodb)


@http_entry_point(logger)
def handler(route: Route, store_id: str, request: Request) -> Response:
    """Answer one request."""
    return answers_around(route)[route](store_id, request)


def answers_around(route: Route) -> Answers:
    """Return the answers of which one is the route's; a process loads those it is asked for."""
    # ruff: disable[PLC0415]
    if route in _ANSWERS:
        return _ANSWERS
    if route.family is Family.KLAVIYO:
        from query.klaviyo.answers import KLAVIYO_ANSWERS

        return KLAVIYO_ANSWERS
    from query.contract_answers import CONTRACT_ANSWERS

    return CONTRACT_ANSWERS
    # ruff: enable[PLC0415]
