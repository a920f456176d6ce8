"""The entry point: a request of any family in, what it tells on the queue, its answer out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from footfall.http.access import scopes_of
from footfall.http.entry_point import http_entry_point
from footfall.http.requests import Request
from footfall.http.responses import Response
from footfall.http.route import Family, Route
from footfall.observability import function_logger
from ingest.key_in_body import find_store
from ingest.klaviyo import endpoint as klaviyo
from ingest.pipelines import endpoint as pipelines
from ingest.reception import Reception
from ingest.redo.endpoint import create_events
from ingest.track import endpoint as track
from ingest.yotpo import endpoint as yotpo

DIALECTS: Mapping[Family, Callable[[Route, Reception, Request], Response]] = {
    Family.OWN: create_events,
    Family.KLAVIYO: klaviyo.answer,
    Family.TRACK_1: track.answer,
    Family.TRACK_2: track.answer,
    Family.PIPELINES: pipelines.answer,
    Family.YOTPO: yotpo.answer,
}

logger = function_logger("ingest")


@http_entry_point(logger, find_store)
def handler(route: Route, store_id: str, request: Request) -> Response:
    """Answer a request in its dialect; success only when the queue has confirmed it."""
    reception = Reception(store_id, datetime.now(UTC), scopes_of(request))
    return DIALECTS[route.family](route, reception, request)
