"""The segments that a customer is in."""

import re
from http import HTTPStatus

from footfall.aws.memberships import Membership, page_of_memberships
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject
from footfall.http.paging import next_page_headers, not_a_page, requested_page
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from footfall.segments.definitions import SEGMENT_ID
from query.customers import customer_of_path


def list_customer_segments(store_id: str, request: Request) -> Response:
    """Answer with a page of the segments that the customer of the path is in, by their ids."""
    customer = customer_of_path(store_id, request)
    page = requested_page(request)
    if page.after is not None and re.fullmatch(SEGMENT_ID, page.after) is None:
        raise not_a_page()
    memberships, next_after = page_of_memberships(
        store_id, customer.customer_id, after=page.after, limit=page.size
    )
    return json_response(
        HTTPStatus.OK,
        {"segments": [membership_document(one) for one in memberships]},
        next_page_headers(next_after),
    )


def membership_document(membership: Membership) -> JsonObject:
    """Return the membership as the API shows it."""
    since = membership.since
    return {
        "id": membership.segment_id,
        "name": membership.name,
        "since": None if since is None else format_timestamp(since),
    }
