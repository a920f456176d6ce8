"""The customers in a segment."""

import re
from http import HTTPStatus

from footfall.aws.member_pages import Member, page_of_members
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject
from footfall.http.paging import next_page_headers, not_a_page, requested_page
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from query.segments import segment_of_path

_CUSTOMER_ID = re.compile(r"[0-9a-f]{1,64}")


def list_segment_customers(store_id: str, request: Request) -> Response:
    """Answer with a page of the segment's members, in the order of their ids."""
    stored = segment_of_path(store_id, request)
    page = requested_page(request)
    if page.after is not None and _CUSTOMER_ID.fullmatch(page.after) is None:
        raise not_a_page()
    members, next_after = page_of_members(
        store_id, stored.segment.segment_id, after=page.after, limit=page.size
    )
    return json_response(
        HTTPStatus.OK,
        {"customers": [member_document(member) for member in members]},
        next_page_headers(next_after),
    )


def member_document(member: Member) -> JsonObject:
    """Return the member as the API shows it."""
    return {"id": member.customer_id, "since": format_timestamp(member.since)}
