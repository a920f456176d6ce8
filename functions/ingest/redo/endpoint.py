"""Answers requests of Redo's contract."""

from footfall.contracts.redo import read_bulk
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response
from footfall.http.route import Route
from footfall.http.routes import CREATE_EVENTS
from ingest.queueing import queue_accepted
from ingest.reception import Reception
from ingest.redo.acceptance import accept
from ingest.redo.answers import answer, refused
from ingest.redo.preferences import idempotency_key, wants_representation


def create_events(route: Route, reception: Reception, request: Request) -> Response:
    """Queue the events of a request; 202 only when the queue has confirmed them."""
    document = read_json_body(request)
    is_bulk = route == CREATE_EVENTS
    documents = read_bulk(document) if is_bulk else [document]
    acceptance = accept(documents, reception, idempotency_key(request))
    is_detailed = wants_representation(request)
    if acceptance.is_refused(partially=is_detailed):
        queue_accepted([], rejected=len(documents))
        raise refused(acceptance, is_bulk=is_bulk)
    queue_accepted(acceptance.events, rejected=len(documents) - len(acceptance.events))
    return answer(acceptance, is_bulk=is_bulk, is_detailed=is_detailed)
