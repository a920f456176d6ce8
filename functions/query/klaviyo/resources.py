"""Profiles, metrics and events as the JSON:API resources that Klaviyo's clients read."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from footfall.contracts.klaviyo_profiles import PATHS
from footfall.contracts.profiles import CUSTOM_FIELDS
from footfall.contracts.properties import EXTRA
from footfall.domain.catalogue import EventName
from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import to_microseconds
from footfall.domain.values import JsonObject, JsonValue, StatedValue
from footfall.http.requests import Request
from query.klaviyo.asking import asked_fields
from query.klaviyo.event_ids import EventPlace, to_klaviyo_id
from query.klaviyo.links import resource_url

_MICROSECONDS = 1_000_000
_METRIC_ID_DIGITS = 16
_LOCATION = frozenset(
    {
        *("address1", "address2", "city", "region", "zip", "country", "timezone"),
        *("latitude", "longitude", "ip"),
    }
)
_NUMBERS = frozenset({"latitude", "longitude"})
_INTEGRATION: JsonObject = {
    "object": "integration",
    "id": "footfall",
    "key": "api",
    "name": "API",
    "category": "API",
}
"""All metrics come from the API; clients expect to be told so."""


def metric_id(name: str) -> str:
    """Return the id of the metric of this name: the beginning of the SHA-256 of the name."""
    return hashlib.sha256(name.encode()).hexdigest()[:_METRIC_ID_DIGITS]


def profile_resource(
    request: Request, customer: Customer, external_id: str | None = None
) -> JsonObject:
    """Return the profile of a customer.

    Args:
        request: asks for some of the attributes, or for all.
        customer: whose.
        external_id: the client's own id, where it is known.
    """
    said = {path: field.value for path, field in customer.fields.items()}
    named = {name: _shown(name, said.get(path)) for name, path in PATHS.items()}
    known = set(PATHS.values())
    attributes: dict[str, JsonValue] = {
        **{name: value for name, value in named.items() if name not in _LOCATION},
        "external_id": external_id,
        "created": _shown_instant(customer.created_at),
        "updated": _shown_instant(customer.updated_at),
        "last_event_date": None,
        "location": {name: value for name, value in named.items() if name in _LOCATION},
        "properties": {
            path.partition(".")[2]: value
            for path, value in sorted(said.items())
            if path.startswith(f"{CUSTOM_FIELDS}.") and path not in known and value is not None
        },
    }
    return _resource(request, "profile", "profiles", customer.customer_id, attributes)


def metric_resource(request: Request, name: str, entry: EventName | None) -> JsonObject:
    """Return the metric of a name; the catalogue may not know a name yet that events have."""
    attributes: JsonObject = {
        "name": name,
        "created": _shown_instant(entry.first_seen) if entry else None,
        "updated": _shown_instant(entry.last_seen) if entry else None,
        "integration": _INTEGRATION,
    }
    return _resource(request, "metric", "metrics", metric_id(name), attributes)


def event_resource(
    request: Request, event: Event, customer_id: str, *, shows_ids: bool
) -> JsonObject:
    """Return an event.

    Args:
        request: asks for some of the attributes, or for all.
        event: the event.
        customer_id: on whose timeline it stands.
        shows_ids: among the attributes are the ids of the metric and the profile, too.
    """
    place = EventPlace(customer_id, event.event_timestamp, event.event_id)
    attributes: dict[str, JsonValue] = {
        "timestamp": to_microseconds(event.event_timestamp) // _MICROSECONDS,
        "event_properties": _event_properties(event),
        "datetime": _shown_instant(event.event_timestamp),
        "uuid": event.event_id,
    }
    if shows_ids:
        attributes |= {"metric_id": metric_id(event.event_name), "profile_id": customer_id}
    resource = _resource(request, "event", "events", to_klaviyo_id(place), attributes)
    relationships: JsonObject = {
        "profile": _relationship(request, resource, "profile", "profiles", customer_id),
        "metric": _relationship(
            request, resource, "metric", "metrics", metric_id(event.event_name)
        ),
    }
    return {**resource, "relationships": relationships}


def _event_properties(event: Event) -> JsonObject:
    beside: Mapping[str, JsonValue] = {
        EXTRA: event.extra,
        "$value": event.value,
        "$value_currency": event.value_currency,
        "$event_id": event.unique_id,
    }
    set_ones = {name: value for name, value in beside.items() if value is not None}
    return {**event.data, **set_ones}


def _resource(
    request: Request,
    resource_type: str,
    collection: str,
    resource_id: str,
    attributes: JsonObject,
) -> dict[str, JsonValue]:
    fields = asked_fields(request, resource_type)
    return {
        "type": resource_type,
        "id": resource_id,
        "attributes": attributes if fields is None else _chosen(attributes, fields),
        "links": {"self": resource_url(request, collection, resource_id)},
    }


def _relationship(
    request: Request, resource: JsonObject, resource_type: str, collection: str, resource_id: str
) -> JsonObject:
    """Return a relationship; it is told with its resource only, so that its link leads there."""
    return {
        "data": {"type": resource_type, "id": resource_id},
        "links": {
            **_links_of(resource),
            "related": resource_url(request, collection, resource_id),
        },
    }


def _links_of(resource: JsonObject) -> JsonObject:
    links = resource["links"]
    return links if isinstance(links, Mapping) else {}


def _chosen(attributes: JsonObject, fields: Collection[str]) -> JsonObject:
    """Return the attributes that were asked for, whole or in part."""
    chosen: dict[str, JsonValue] = {}
    for field in fields:
        name, _, part = field.partition(".")
        value = attributes.get(name)
        if not part and name in attributes:
            chosen[name] = value
        elif isinstance(value, Mapping) and part in value:
            present = chosen.get(name, {})
            if isinstance(present, Mapping):
                chosen[name] = {**present, part: value[part]}
    return chosen


def _shown(name: str, value: StatedValue) -> JsonValue:
    """Return the value as the clients' models take it: all but degrees as text."""
    if value is None or name in _NUMBERS or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _shown_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
