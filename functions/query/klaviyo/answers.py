"""Klaviyo's reading routes, each with what answers it."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias

from footfall.contracts.klaviyo_revisions import Revision
from footfall.domain.values import JsonObject
from footfall.http.klaviyo_answers import JSON_API, answer_headers, revision_of
from footfall.http.klaviyo_routes import (
    GET_EVENT,
    GET_METRIC,
    GET_PROFILE,
    LIST_EVENT_BULK_JOBS,
    LIST_EVENTS,
    LIST_METRICS,
    LIST_PROFILES,
)
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from footfall.http.route import Route
from query.klaviyo.events import get_event, list_events
from query.klaviyo.links import list_links
from query.klaviyo.metrics import get_metric, list_metrics
from query.klaviyo.profiles import get_profile, list_profiles

_Read: TypeAlias = Callable[[str, Request, Revision], JsonObject]


def _no_jobs(_store_id: str, request: Request, _revision: Revision) -> JsonObject:
    """Return no job: what a bulk request tells is queued at once, and no job is left of it."""
    return {"data": [], "links": list_links(request, None)}


def _answered(route: Route, read: _Read) -> Callable[[str, Request], Response]:
    def answer(store_id: str, request: Request) -> Response:
        document = read(store_id, request, revision_of(request, route))
        return json_response(HTTPStatus.OK, document, answer_headers(request), media_type=JSON_API)

    return answer


_READS: Mapping[Route, _Read] = {
    LIST_EVENT_BULK_JOBS: _no_jobs,
    LIST_EVENTS: list_events,
    GET_EVENT: get_event,
    LIST_PROFILES: list_profiles,
    GET_PROFILE: get_profile,
    LIST_METRICS: list_metrics,
    GET_METRIC: get_metric,
}

KLAVIYO_ANSWERS: Mapping[Route, Callable[[str, Request], Response]] = {
    route: _answered(route, read) for route, read in _READS.items()
}
