"""The entry point: a request of any family in, what it tells on the queue, its answer out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from footfall.aws.clients import sqs
from footfall.http.access import scopes_of
from footfall.http.entry_point import http_entry_point
from footfall.http.requests import Request
from footfall.http.responses import Response
from footfall.http.route import Family, Route
from footfall.observability import function_logger
from footfall.starting import finish_start
from ingest.key_in_body import find_store
from ingest.reception import Reception
from ingest.redo.endpoint import create_events

Answer: TypeAlias = Callable[[Route, Reception, Request], Response]

logger = function_logger("ingest")
finish_start(sqs)


@http_entry_point(logger, find_store)
def handler(route: Route, store_id: str, request: Request) -> Response:
    """Answer a request in its dialect; success only when the queue has confirmed it."""
    reception = Reception(store_id, datetime.now(UTC), scopes_of(request))
    return _answer_in(route.family)(route, reception, request)


def _answer_in(family: Family) -> Answer:
    """Return what answers in a dialect; a process loads those that it is spoken to in."""
    # ruff: disable[PLC0415]
    match family:
        case Family.OWN:
            return create_events
        case Family.KLAVIYO:
            from ingest.klaviyo import endpoint as klaviyo

            return klaviyo.answer
        case Family.TRACK_1 | Family.TRACK_2:
            from ingest.track import endpoint as track

            return track.answer
        case Family.PIPELINES:
            from ingest.pipelines import endpoint as pipelines

            return pipelines.answer
        case Family.YOTPO:
            from ingest.yotpo import endpoint as yotpo

            return yotpo.answer
    # ruff: enable[PLC0415]
