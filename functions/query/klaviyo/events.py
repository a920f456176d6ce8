"""Events: one of them, those of a profile, or those of a small store, in either order of time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from http import HTTPStatus
from itertools import islice
from typing import TypeAlias

from footfall.aws.event_names import read_event_name
from footfall.aws.keys import timeline_key, timeline_key_of
from footfall.aws.roots import living_customer
from footfall.aws.timeline import events_between, read_event
from footfall.contracts.klaviyo_revisions import Revision
from footfall.domain.customers import Customer
from footfall.domain.events import IDENTIFY, Event
from footfall.domain.values import JsonObject, JsonValue
from footfall.http.paging import Page, page_token
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from query.answer_size import MAX_ANSWER_BYTES, answer_size
from query.klaviyo.asking import (
    asked_order,
    asked_page,
    bad_parameter,
    conditions_of,
    included_types,
)
from query.klaviyo.event_ids import from_klaviyo_id
from query.klaviyo.filters import Condition
from query.klaviyo.links import list_links
from query.klaviyo.periods import COMPARISONS, Period, period_of
from query.klaviyo.profiles import find_profile, living_profiles
from query.klaviyo.resources import (
    event_resource,
    metric_id,
    metric_resource,
    profile_resource,
)

_DEFAULT_SIZE = 200
_MAX_SIZE = 1_000
_MAX_PROFILES = 100
"""Events are kept by profile: to put those of more into one order would take too long."""

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


_Told: TypeAlias = tuple[Event, Customer]
"""An event, and whose it is."""


def list_events(store_id: str, request: Request, revision: Revision) -> JsonObject:
    """Return a page of the events of one profile, or of all if they are few."""
    conditions = conditions_of(request, _FILTERS)
    customers = _customers(store_id, conditions)
    page = asked_page(request, default=_DEFAULT_SIZE, most=_MAX_SIZE)
    newest_first = asked_order(request, _ORDERS).startswith("-")
    included = included_types(request, _INCLUDED)
    period = period_of(conditions.get("datetime", ()), conditions.get("timestamp", ()))
    metrics = {one.values[0] for one in conditions.get("metric_id", ())}
    events = merge(
        *(_events(one, period, page, metrics, newest_first=newest_first) for one in customers),
        key=_place,
        reverse=newest_first,
    )
    shown, resources, cursor = _page(request, events, page.size, revision)
    document: dict[str, JsonValue] = {"data": resources, "links": list_links(request, cursor)}
    if included:
        document["included"] = _related(request, shown, included)
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
        document["included"] = _related(request, [(event, customer)], included)
    return document


def _customers(store_id: str, conditions: Mapping[str, Sequence[Condition]]) -> list[Customer]:
    """Return whose events are asked for.

    Raises:
        ProblemError: 400 when no profile is named, and there are too many to take all.
    """
    profile_ids = {one.values[0] for one in conditions.get("profile_id", ())}
    if profile_ids:
        customer = find_profile(store_id, profile_ids.pop()) if len(profile_ids) == 1 else None
        return [] if customer is None else [customer]
    customers = list(islice(living_profiles(store_id, None, _MAX_PROFILES), _MAX_PROFILES + 1))
    if len(customers) > _MAX_PROFILES:
        raise bad_parameter(
            "filter",
            'Must name a profile, as equals(profile_id,"...") does: events are kept by profile,'
            f" and there are more than {_MAX_PROFILES}.",
        )
    return customers


def _place(told: _Told) -> str:
    """Return where the event stands in time: no two have the same place."""
    return timeline_key(told[0])


def _events(
    customer: Customer,
    period: Period,
    page: Page,
    metrics: Iterable[str],
    *,
    newest_first: bool,
) -> Iterator[_Told]:
    events = events_between(
        customer.store_id,
        customer.customer_id,
        start=period.start,
        end=period.end,
        newest_first=newest_first,
        beyond=page.after,
        is_asked=_asked_names(frozenset(metrics)),
    )
    return ((event, customer) for event in events)


def _asked_names(metrics: frozenset[str]) -> Callable[[str], bool]:
    def is_asked(name: str) -> bool:
        return name != IDENTIFY and (not metrics or metrics == {metric_id(name)})

    return is_asked


def _page(
    request: Request, events: Iterable[_Told], size: int, revision: Revision
) -> tuple[list[_Told], list[JsonObject], str | None]:
    """Return up to `size` events that fit into one answer, and the cursor of the page after it."""
    shown: list[_Told] = []
    resources: list[JsonObject] = []
    room = MAX_ANSWER_BYTES - _ROOM_FOR_OTHERS
    for event, customer in events:
        resource = _fitting(_resource(request, event, customer, revision))
        room -= answer_size(resource)
        if shown and (len(shown) == size or room < 0):
            return shown, resources, page_token(_place(shown[-1]))
        shown.append((event, customer))
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
    request: Request, events: Sequence[_Told], included: Collection[str]
) -> list[JsonObject]:
    """Return the resources that are asked for, of those that an event leads to."""
    resources: list[JsonObject] = []
    if "metric" in included:
        names = {(event.store_id, event.event_name) for event, _ in events}
        resources += [
            metric_resource(request, name, read_event_name(store_id, name))
            for store_id, name in sorted(names)
        ]
    if "profile" in included:
        customers = {customer.customer_id: customer for _, customer in events}
        resources += [profile_resource(request, customers[one]) for one in sorted(customers)]
    return resources
