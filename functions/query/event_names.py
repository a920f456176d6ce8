"""The catalogue of a store: its event names, how often they came, and with what properties."""

from http import HTTPStatus

from footfall.aws.event_names import page_of_event_names
from footfall.domain.catalogue import EventName
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject
from footfall.http.paging import next_page_headers, requested_page
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response


def list_event_names(store_id: str, request: Request) -> Response:
    """Answer with a page of the store's event names, in the order of the alphabet."""
    page = requested_page(request)
    entries, next_after = page_of_event_names(store_id, after=page.after, limit=page.size)
    return json_response(
        HTTPStatus.OK,
        {"eventNames": [event_name_document(entry) for entry in entries]},
        next_page_headers(next_after),
    )


def event_name_document(entry: EventName) -> JsonObject:
    """Return the entry as the API shows it."""
    return {
        "name": entry.name,
        "count": entry.count,
        "firstSeen": format_timestamp(entry.first_seen),
        "lastSeen": format_timestamp(entry.last_seen),
        "properties": [
            {"name": name, "types": sorted(types)}
            for name, types in sorted(entry.properties.items())
        ],
    }
