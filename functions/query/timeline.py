"""A customer's events, newest first."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus

from footfall.aws.keys import timeline_key
from footfall.aws.timeline import newest_events
from footfall.domain.events import Event
from footfall.domain.timestamps import format_timestamp, parse_timestamp
from footfall.domain.values import JsonObject, JsonValue
from footfall.http.paging import next_page_headers, requested_page
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from query.answer_size import MAX_ANSWER_BYTES, answer_size
from query.customers import customer_of_path


def list_customer_events(store_id: str, request: Request) -> Response:
    """Answer with a page of the events of the customer that the path names."""
    customer = customer_of_path(store_id, request)
    page = requested_page(request)
    name = request.query.get("eventName")
    events = newest_events(
        store_id,
        customer.customer_id,
        event_name=None if name is None else name.strip(),
        start=_instant(request, "from"),
        end=_instant(request, "to"),
        before=page.after,
        expected=page.size + 1,
    )
    documents, next_before = _page(events, page.size)
    return json_response(HTTPStatus.OK, {"events": documents}, next_page_headers(next_before))


def event_document(event: Event) -> JsonObject:
    """Return the event as the API shows it: with the fields as they were sent."""
    data = dict(event.data) if event.extra is None else {**event.data, "$extra": event.extra}
    document: dict[str, JsonValue] = {
        "eventId": event.event_id,
        "eventName": event.event_name,
        "eventTimestamp": format_timestamp(event.event_timestamp),
        "receivedAt": format_timestamp(event.received_at),
        "source": event.source,
        "data": data or None,
        "value": event.value,
        "valueCurrency": event.value_currency,
        "uniqueId": event.unique_id,
    }
    return {name: value for name, value in document.items() if value is not None}


def _page(events: Iterable[Event], size: int) -> tuple[list[JsonObject], str | None]:
    """Return up to `size` events that fit into one answer, and the key before which to go on."""
    documents: list[JsonObject] = []
    room = MAX_ANSWER_BYTES
    last: Event | None = None
    for event in events:
        document = _fitting(event_document(event))
        room -= answer_size(document)
        if last is not None and (len(documents) == size or room < 0):
            return documents, timeline_key(last)
        documents.append(document)
        last = event
    return documents, None


def _fitting(document: JsonObject) -> JsonObject:
    """Return the event without its data if these alone are more than an answer can hold."""
    if answer_size(document) <= MAX_ANSWER_BYTES:
        return document
    return {name: value for name, value in document.items() if name != "data"} | {
        "dataOmitted": True
    }


def _instant(request: Request, name: str) -> datetime | None:
    text = request.query.get(name)
    if text is None:
        return None
    instant = parse_timestamp(text)
    if instant is None:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            f"The query parameter `{name}` must be an RFC 3339 timestamp, such as "
            "2026-04-02T12:00:00Z, with a `+` sent as `%2B`.",
        )
    return instant
