"""Answers requests of Yotpo's contract; what its own answers look like is not published."""

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from footfall.contracts.yotpo import read_custom_event, to_event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.values import JsonValue
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response, json_response
from footfall.http.route import Route
from footfall.http.yotpo_routes import CREATE_ACCESS_TOKEN
from ingest.key_in_body import SECRET
from ingest.queueing import queue_accepted
from ingest.reception import Reception

if TYPE_CHECKING:
    from collections.abc import Mapping


def answer(route: Route, reception: Reception, request: Request) -> Response:
    """Answer a request: 200 for an event only when the queue has confirmed it."""
    document = read_json_body(request)
    if route == CREATE_ACCESS_TOKEN:
        # The secret has been found to be a key of this store: it is all that a client needs.
        token = cast("Mapping[str, str]", document)[SECRET]
        return json_response(HTTPStatus.OK, {"access_token": token})
    return _put_event(document, reception)


def _put_event(document: JsonValue, reception: Reception) -> Response:
    try:
        custom = read_custom_event(document, now=reception.now)
    except FaultyDocumentError:
        queue_accepted([], rejected=1)
        raise
    (event_id,) = reception.new_ids(1)
    event = to_event(custom, store_id=reception.store_id, event_id=event_id, now=reception.now)
    queue_accepted([event])
    return json_response(HTTPStatus.OK, {"event": {"id": custom.id}})
