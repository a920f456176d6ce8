"""The entry point: a request with one event or up to a hundred in, the answer out."""

import os
from datetime import UTC, datetime

from footfall.aws.queue import send_envelope
from footfall.contracts.redo import read_bulk
from footfall.domain.envelope import to_envelope
from footfall.domain.identifiers import new_event_id
from footfall.http.entry_point import http_entry_point
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response
from footfall.http.routes import CREATE_EVENTS, Route
from footfall.observability import count, function_logger
from ingest.acceptance import Reception, accept
from ingest.answers import answer, refusal
from ingest.preferences import idempotency_key, wants_representation

_RANDOM_BYTES = 10

logger = function_logger("ingest")


@http_entry_point(logger)
def handler(route: Route, store_id: str, request: Request) -> Response:
    """Queue the events of a request; 202 only when the queue has confirmed them."""
    document = read_json_body(request)
    is_bulk = route == CREATE_EVENTS
    documents = read_bulk(document) if is_bulk else [document]
    now = datetime.now(UTC)
    reception = Reception(
        store_id=store_id,
        now=now,
        event_ids=sorted(new_event_id(now, os.urandom(_RANDOM_BYTES)) for _ in documents),
        idempotency_key=idempotency_key(request),
    )
    acceptance = accept(documents, reception)
    is_detailed = wants_representation(request)
    if acceptance.is_refused(partially=is_detailed):
        _count(0, len(documents))
        raise refusal(acceptance, is_bulk=is_bulk)
    send_envelope(to_envelope(acceptance.events))
    _count(len(acceptance.events), len(documents) - len(acceptance.events))
    return answer(acceptance, is_bulk=is_bulk, is_detailed=is_detailed)


def _count(accepted: int, rejected: int) -> None:
    count("ingest", {"EventsAccepted": accepted, "EventsRejected": rejected})
