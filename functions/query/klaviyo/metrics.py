"""Metrics: the names of a store's events, from the catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import islice

from footfall.aws.event_names import page_of_event_names, read_event_name
from footfall.contracts.klaviyo_revisions import Revision
from footfall.domain.catalogue import EventName
from footfall.domain.events import IDENTIFY
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonObject
from footfall.http.paging import Page, page_token
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from query.klaviyo.asking import (
    asked_page,
    conditions_of,
    included_types,
)
from query.klaviyo.filters import Condition
from query.klaviyo.links import list_links
from query.klaviyo.resources import metric_id, metric_resource

_PAGE_SIZE = 200
_READ_SIZE = 500
_INTEGRATION = "API"
_FILTERS: Mapping[str, Sequence[str]] = {
    "name": ("equals",),
    "integration.name": ("equals",),
    "integration.category": ("equals",),
}
"""By name is Footfall's own: without it, whoever knows a metric's name has to read all of them."""


def list_metrics(store_id: str, request: Request, _revision: Revision) -> JsonObject:
    """Return a page of the metrics, in the order of their names."""
    conditions = conditions_of(request, _FILTERS)
    included_types(request, ())
    page = asked_page(request, default=_PAGE_SIZE, most=_PAGE_SIZE)
    entries = list(islice(_matching(store_id, conditions, page), page.size + 1))
    there_is_more = len(entries) > page.size
    entries = entries[: page.size]
    cursor = page_token(entries[-1].name) if there_is_more else None
    return {
        "data": [metric_resource(request, entry.name, entry) for entry in entries],
        "links": list_links(request, cursor),
    }


def get_metric(store_id: str, request: Request, _revision: Revision) -> JsonObject:
    """Return the metric that the path names."""
    included_types(request, ())
    wanted = request.path_parameters["metricId"]
    for entry in _entries_after(store_id, None, _READ_SIZE):
        if metric_id(entry.name) == wanted:
            resource = metric_resource(request, entry.name, entry)
            return {"data": resource, "links": resource["links"]}
    raise ProblemError(HTTPStatus.NOT_FOUND, "The store has no such metric.")


def _matching(
    store_id: str, conditions: Mapping[str, Sequence[Condition]], page: Page
) -> Iterator[EventName]:
    names = {one.values[0] for one in conditions.get("name", ())}
    integrations = {
        one.values[0]
        for field in ("integration.name", "integration.category")
        for one in conditions.get(field, ())
    }
    if len(names) > 1 or not integrations <= {_INTEGRATION}:
        return iter(())
    if not names:
        return _entries_after(store_id, page.after, page.size + 1)
    (name,) = names
    return iter([entry] if (entry := _entry(store_id, name)) and page.after is None else [])


def _entry(store_id: str, name: str) -> EventName | None:
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or name == IDENTIFY:
        return None
    return read_event_name(store_id, name)


def _entries_after(store_id: str, after: str | None, size: int) -> Iterator[EventName]:
    while True:
        entries, after = page_of_event_names(store_id, after=after, limit=size)
        yield from (entry for entry in entries if entry.name != IDENTIFY)
        if after is None:
            return
