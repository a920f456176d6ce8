"""Answers requests of Klaviyo's contract: 202 and nothing, or all that is wrong."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from footfall.contracts.klaviyo import read_entry, read_event, read_job, read_profile_update
from footfall.contracts.klaviyo_events import to_event, to_statement
from footfall.contracts.klaviyo_occurrences import Telling
from footfall.contracts.klaviyo_revisions import Revision
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.values import JsonValue
from footfall.http.klaviyo_answers import JSON_API, answer_headers, revision_of
from footfall.http.klaviyo_routes import (
    CREATE_CLIENT_EVENT,
    CREATE_CLIENT_EVENTS,
    CREATE_CLIENT_PROFILE,
    CREATE_EVENT,
    CREATE_EVENT_BULK_JOB,
)
from footfall.http.requests import JSON, Request, read_json_body
from footfall.http.responses import Response
from footfall.http.route import Route
from ingest.queueing import queue_accepted
from ingest.reception import Reception

_MEDIA_TYPES = frozenset({JSON, JSON_API})
"""Klaviyo's own type, and plain JSON as its client for Node and the older ones send it."""


def answer(route: Route, reception: Reception, request: Request) -> Response:
    """Queue what a request tells; all of it is refused when a part of it is wrong."""
    revision = revision_of(request, route)
    document = read_json_body(request, _MEDIA_TYPES)
    try:
        events = _TOLD[route](document, reception, revision)
    except FaultyDocumentError:
        queue_accepted([], rejected=1)
        raise
    queue_accepted(events)
    headers = {"Content-Type": JSON_API, **answer_headers(request)}
    return Response(HTTPStatus.ACCEPTED, headers)


def _one(document: JsonValue, reception: Reception, revision: Revision) -> Sequence[Event]:
    telling = read_event(document, now=reception.now, revision=revision)
    return _events([telling], reception)


def _job(document: JsonValue, reception: Reception, revision: Revision) -> Sequence[Event]:
    return _events(read_job(document, now=reception.now, revision=revision), reception)


def _entry(document: JsonValue, reception: Reception, revision: Revision) -> Sequence[Event]:
    return _events(read_entry(document, now=reception.now, revision=revision), reception)


def _profile(document: JsonValue, reception: Reception, revision: Revision) -> Sequence[Event]:
    person = read_profile_update(document, now=reception.now, revision=revision)
    (event_id,) = reception.new_ids(1)
    store_id, now = reception.store_id, reception.now
    return [to_statement(person, store_id=store_id, event_id=event_id, now=now)]


def _events(tellings: Sequence[Telling], reception: Reception) -> Sequence[Event]:
    store_id, now = reception.store_id, reception.now
    return [
        to_event(telling, store_id=store_id, event_id=event_id, now=now)
        for telling, event_id in zip(tellings, reception.new_ids(len(tellings)), strict=True)
    ]


_TOLD: Mapping[Route, Callable[[JsonValue, Reception, Revision], Sequence[Event]]] = {
    CREATE_EVENT: _one,
    CREATE_EVENT_BULK_JOB: _job,
    CREATE_CLIENT_EVENT: _one,
    CREATE_CLIENT_EVENTS: _entry,
    CREATE_CLIENT_PROFILE: _profile,
}
