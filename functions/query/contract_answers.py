"""What answers on the routes of segments, and where a customer is put: those that need pydantic."""

from collections.abc import Callable, Mapping

from footfall.http.requests import Request
from footfall.http.responses import Response
from footfall.http.route import Route
from footfall.http.routes import (
    DELETE_SEGMENT,
    GET_SEGMENT,
    LIST_CUSTOMER_SEGMENTS,
    LIST_SEGMENT_CUSTOMERS,
    LIST_SEGMENTS,
    PREVIEW_SEGMENT,
    PUT_CUSTOMER,
    PUT_SEGMENT,
)
from query.customer_segments import list_customer_segments
from query.put_customer import put_customer
from query.segment_members import list_segment_customers
from query.segment_preview import preview_segment
from query.segments import delete_segment, get_segment, list_segments, put_segment

CONTRACT_ANSWERS: Mapping[Route, Callable[[str, Request], Response]] = {
    PUT_CUSTOMER: put_customer,
    LIST_CUSTOMER_SEGMENTS: list_customer_segments,
    LIST_SEGMENTS: list_segments,
    PUT_SEGMENT: put_segment,
    GET_SEGMENT: get_segment,
    DELETE_SEGMENT: delete_segment,
    LIST_SEGMENT_CUSTOMERS: list_segment_customers,
    PREVIEW_SEGMENT: preview_segment,
}
