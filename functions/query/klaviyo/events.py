"""Events: one of them, or those of a profile, in either order of time."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from http import HTTPStatus

from footfall.aws.event_names import read_event_name
from footfall.aws.keys import timeline_key, timeline_key_of
from footfall.aws.roots import living_customer
from footfall.aws.timeline import events_between, read_event
from footfall.contracts.klaviyo_revisions import Revision
from footfall.domain.customers import Customer
from footfall.domain.events import IDENTIFY, Event
from footfall.domain.values import JsonObject, JsonValue
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from query.answer_size import MAX_ANSWER_BYTES, answer_size
from query.klaviyo.asking import (
    Asked,
    asked_order,
    asked_page,
    bad_parameter,
    conditions_of,
    cursor_of,
    included_types,
)
from query.klaviyo.event_ids import from_klaviyo_id
from query.klaviyo.filters import Condition
from query.klaviyo.links import list_links
from query.klaviyo.periods import COMPARISONS, Period, period_of
from query.klaviyo.profiles import find_profile
from query.klaviyo.resources import (
    event_resource,
    metric_id,
    metric_resource,
    profile_resource,
)

_DEFAULT_SIZE = 200
_MAX_SIZE = 1_000
_ROOM_FOR_OTHERS = 400_000
"""Bytes of an answer that the links, the profile and the metrics may take."""

_INCLUDED = ("metric", "profile")
_ORDERS = ("-datetime", "datetime", "-timestamp", "timestamp")
_FILTERS: Mapping[str, Sequence[str]] = {
    "profile_id": ("equals",),
    "metric_id": ("equals",),
    "profile": ("has",),
    "metric": ("has",),
    "datetime": COMPARISONS,
    "timestamp": COMPARISONS,
}


def list_events(store_id: str, request: Request, revision: Revision) -> JsonObject:
    """Return a page of the events of one profile."""
    conditions = conditions_of(request, _FILTERS)
    customer = _customer(store_id, conditions)
    page = asked_page(request, default=_DEFAULT_SIZE, most=_MAX_SIZE)
    newest_first = asked_order(request, _ORDERS).startswith("-")
    included = included_types(request, _INCLUDED)
    period = period_of(conditions.get("datetime", ()), conditions.get("timestamp", ()))
    metrics = {one.values[0] for one in conditions.get("metric_id", ())}
    if customer is None:
        return {"data": [], "links": list_links(request, None)}
    events = _events(customer, period, page, metrics, newest_first=newest_first)
    shown, resources, cursor = _page(request, events, customer, page.size, revision)
    document: dict[str, JsonValue] = {"data": resources, "links": list_links(request, cursor)}
    if included:
        document["included"] = _related(request, customer, shown, included)
    return document


def get_event(store_id: str, request: Request, revision: Revision) -> JsonObject:
    """Return the event that the path names."""
    included = included_types(request, _INCLUDED)
    place = from_klaviyo_id(request.path_parameters["eventId"])
    customer = living_customer(store_id, place.customer_id) if place else None
    event = None
    if place and customer:
        sort_key = timeline_key_of(place.instant, place.event_id)
        event = read_event(store_id, customer.customer_id, sort_key)
    if customer is None or event is None or event.event_name == IDENTIFY:
        raise ProblemError(HTTPStatus.NOT_FOUND, "The store has no such event.")
    resource = _fitting(_resource(request, event, customer, revision))
    document: dict[str, JsonValue] = {"data": resource, "links": resource["links"]}
    if included:
        document["included"] = _related(request, customer, [event], included)
    return document


def _customer(store_id: str, conditions: Mapping[str, Sequence[Condition]]) -> Customer | None:
    profile_ids = {one.values[0] for one in conditions.get("profile_id", ())}
    if not profile_ids:
        raise bad_parameter(
            "filter",
            'Must name a profile, as equals(profile_id,"...") does: events are kept by profile.',
        )
    return find_profile(store_id, profile_ids.pop()) if len(profile_ids) == 1 else None


def _events(
    customer: Customer,
    period: Period,
    page: Asked,
    metrics: Iterable[str],
    *,
    newest_first: bool,
) -> Iterable[Event]:
    return events_between(
        customer.store_id,
        customer.customer_id,
        start=period.start,
        end=period.end,
        newest_first=newest_first,
        beyond=page.after,
        is_asked=_asked_names(frozenset(metrics)),
    )


def _asked_names(metrics: frozenset[str]) -> Callable[[str], bool]:
    def is_asked(name: str) -> bool:
        return name != IDENTIFY and (not metrics or metrics == {metric_id(name)})

    return is_asked


def _page(
    request: Request, events: Iterable[Event], customer: Customer, size: int, revision: Revision
) -> tuple[list[Event], list[JsonObject], str | None]:
    """Return up to `size` events that fit into one answer, and the cursor of the page after it."""
    shown: list[Event] = []
    resources: list[JsonObject] = []
    room = MAX_ANSWER_BYTES - _ROOM_FOR_OTHERS
    for event in events:
        resource = _fitting(_resource(request, event, customer, revision))
        room -= answer_size(resource)
        if shown and (len(shown) == size or room < 0):
            return shown, resources, cursor_of(timeline_key(shown[-1]))
        shown.append(event)
        resources.append(resource)
    return shown, resources, None


def _resource(request: Request, event: Event, customer: Customer, revision: Revision) -> JsonObject:
    return event_resource(request, event, customer.customer_id, shows_ids=revision.shows_ids)


def _fitting(resource: JsonObject) -> JsonObject:
    """Return the event without its properties if these alone are more than an answer can hold."""
    attributes = resource["attributes"]
    if answer_size(resource) <= MAX_ANSWER_BYTES - _ROOM_FOR_OTHERS or not isinstance(
        attributes, Mapping
    ):
        return resource
    return {**resource, "attributes": {**attributes, "event_properties": {"$omitted": True}}}


def _related(
    request: Request, customer: Customer, events: Sequence[Event], included: Collection[str]
) -> list[JsonObject]:
    """Return the resources that are asked for, of those that an event leads to."""
    resources: list[JsonObject] = []
    if "metric" in included:
        resources += [
            metric_resource(request, name, read_event_name(customer.store_id, name))
            for name in sorted({event.event_name for event in events})
        ]
    if "profile" in included and events:
        resources.append(profile_resource(request, customer))
    return resources
