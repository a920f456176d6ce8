"""One event, as a program tells it to each of Klaviyo's SDKs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.sdks.sdk import KLAVIYO_NODE, KLAVIYO_PYTHON, KLAVIYO_PYTHON_FLAT, Call, Sdk, call


@dataclass(frozen=True, slots=True)
class Telling:
    """An event to tell."""

    email: str
    name: str
    unique_id: str
    value: float = 9.99
    time: str | None = None


def create_event(sdk: Sdk, telling: Telling) -> Call:
    """Return the call that creates one event."""
    return _CREATE_EVENT[sdk](telling)


def _nested(telling: Telling) -> Call:
    attributes = {
        "profile": _profile({"email": telling.email, "first_name": "Ada"}),
        "metric": _metric(telling.name),
        "properties": _PROPERTIES,
        "unique_id": telling.unique_id,
        "value": telling.value,
        **_time(telling),
    }
    return call("Events.create_event", {"data": {"type": "event", "attributes": attributes}})


def _flat(telling: Telling) -> Call:
    attributes = {
        "profile": {"$email": telling.email, "$first_name": "Ada"},
        "metric": {"name": telling.name},
        "properties": _PROPERTIES,
        "unique_id": telling.unique_id,
        "value": telling.value,
        **_time(telling),
    }
    return call("Events.create_event", {"data": {"type": "event", "attributes": attributes}})


def _camel_case(telling: Telling) -> Call:
    attributes = {
        "profile": _profile({"email": telling.email, "firstName": "Ada"}),
        "metric": _metric(telling.name),
        "properties": _PROPERTIES,
        "uniqueId": telling.unique_id,
        "value": telling.value,
        **_time(telling),
    }
    return call("Events.createEvent", {"data": {"type": "event", "attributes": attributes}})


def create_events(sdk: Sdk, *tellings: Telling) -> Call:
    """Return the call that creates many events; the SDK of 2023 has none."""
    method, events_of_all, unique_id, first_name = _BULK_WORDS[sdk]
    bulks = []
    for one in tellings:
        event = {
            "metric": _metric(one.name),
            "properties": _PROPERTIES,
            unique_id: one.unique_id,
            "value": one.value,
        }
        of_profile = {
            "profile": _profile({"email": one.email, first_name: "Ada"}),
            "events": {"data": [{"type": "event", "attributes": event}]},
        }
        bulks.append({"type": "event-bulk-create", "attributes": of_profile})
    attributes = {events_of_all: {"data": bulks}}
    return call(method, {"data": {"type": "event-bulk-create-job", "attributes": attributes}})


def _time(telling: Telling) -> dict[str, str]:
    return {"time": telling.time} if telling.time else {}


def _metric(name: str) -> dict[str, Any]:
    return {"data": {"type": "metric", "attributes": {"name": name}}}


def _profile(attributes: Mapping[str, str]) -> dict[str, Any]:
    return {"data": {"type": "profile", "attributes": attributes}}


_PROPERTIES = {"ProductName": "Winnie the Pooh", "Categories": ["Fiction", "Children"]}

_CREATE_EVENT: Mapping[Sdk, Callable[[Telling], Call]] = {
    KLAVIYO_PYTHON: _nested,
    KLAVIYO_PYTHON_FLAT: _flat,
    KLAVIYO_NODE: _camel_case,
}
_BULK_WORDS = {
    KLAVIYO_PYTHON: ("Events.bulk_create_events", "events-bulk-create", "unique_id", "first_name"),
    KLAVIYO_NODE: ("Events.bulkCreateEvents", "eventsBulkCreate", "uniqueId", "firstName"),
}
