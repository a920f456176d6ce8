"""Documents of Klaviyo's contract, to be spoilt by tests one place at a time."""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from footfall.contracts.klaviyo import read_entry, read_event, read_job, read_profile_update
from footfall.contracts.klaviyo_events import to_event
from footfall.contracts.klaviyo_occurrences import Telling
from footfall.contracts.klaviyo_revisions import NEWEST, Revision, read_revision
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from tests.contracts.redo_documents import EVENT_ID, OMIT, STORE

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

NOW = datetime(2026, 8, 2, 12, 30, 15, 250_000, tzinfo=UTC)
ATTRIBUTES = "/data/attributes"
PROFILE = f"{ATTRIBUTES}/profile/data/attributes"

_EVENT = {
    "data": {
        "type": "event",
        "attributes": {
            "properties": {"Brand": "Kids Book", "$extra": {"html": "<b>"}},
            "time": "2026-04-02T12:00:00Z",
            "value": Decimal("9.99"),
            "value_currency": "USD",
            "unique_id": "u-1",
            "metric": {"data": {"type": "metric", "attributes": {"name": "Viewed Product"}}},
            "profile": {
                "data": {
                    "type": "profile",
                    "attributes": {"email": "jane@example.com", "location": {}, "properties": {}},
                }
            },
        },
    }
}
SEED = {
    "data": {
        "type": "event",
        "attributes": {
            "profile": {
                "$email": "sarah.mason@example.com",
                "$phone_number": "+15005550006",
                "$first_name": "Sarah",
                "$city": "Boston",
                "$consent": ["sms", "email"],
                "Plan": "trial",
            },
            "metric": {"name": "Viewed Product", "service": "api"},
            "properties": {"Brand": "Kids Book", "$extra": {"html": "<b>"}},
            "time": "2022-11-08T00:00:00",
            "value": Decimal("9.99"),
            "unique_id": "d47aeda5",
        },
    }
}
"""As the reference of revision 2023-01-24 describes it: flat, and its time without a zone."""


def document(changes: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Return a nested event with some of its attributes changed, by path: `{"metric.name": 5}`."""
    return changed(_EVENT, changes or {})


def changed(original: Mapping[str, Any], changes: Mapping[str, object]) -> dict[str, Any]:
    """Return a copy with some attributes changed, by path."""
    copied = copy.deepcopy(dict(original))
    for path, value in changes.items():
        *parents, field = path.split(".")
        target = copied["data"]["attributes"]
        for parent in parents:
            target = target[parent]
        if value is OMIT:
            del target[field]
        else:
            target[field] = value
    return copied


def with_profile(**attributes: object) -> dict[str, Any]:
    """Return a nested event whose profile has these attributes."""
    return document({"profile": {"data": {"type": "profile", "attributes": attributes}}})


def job(*entries: tuple[Mapping[str, object], Sequence[Mapping[str, object]]]) -> dict[str, Any]:
    """Return a bulk job: for each profile, its attributes and changes to the attributes of events.

    Args:
        entries: each with the attributes of its profile, and the changes of each of its events.
    """
    return {
        "data": {
            "type": "event-bulk-create-job",
            "attributes": {
                "events-bulk-create": {"data": [entry(*one)["data"] for one in entries]}
            },
        }
    }


def entry(profile: Mapping[str, object], events: Sequence[Mapping[str, object]]) -> dict[str, Any]:
    """Return the events of one profile, as the client API takes them."""
    return {
        "data": {
            "type": "event-bulk-create",
            "attributes": {
                "profile": {"data": {"type": "profile", "attributes": dict(profile)}},
                "events": {"data": [_without_profile(document(one)) for one in events]},
            },
        }
    }


def revision(text: str) -> Revision:
    found = read_revision(text)
    assert found is not None
    return found


def event_of(sent: object, by: Revision = NEWEST) -> Event:
    """Return the event that a document means."""
    telling = read_event(cast("JsonValue", sent), now=NOW, revision=by)
    return event_of_telling(telling)


def event_of_telling(telling: Telling) -> Event:
    return to_event(telling, store_id=STORE, event_id=EVENT_ID, now=NOW)


def faults_of(
    sent: object, by: Revision = NEWEST, read: Callable[..., object] = read_event
) -> dict[str, str]:
    """Return the faults of a document: pointer to detail; none when it is valid."""
    try:
        read(cast("JsonValue", sent), now=NOW, revision=by)
    except FaultyDocumentError as error:
        return {fault.pointer: fault.detail for fault in error.faults}
    return {}


def job_faults(sent: object) -> dict[str, str]:
    return faults_of(sent, read=read_job)


def entry_faults(sent: object) -> dict[str, str]:
    return faults_of(sent, read=read_entry)


def profile_faults(sent: object) -> dict[str, str]:
    return faults_of(sent, read=read_profile_update)


def _without_profile(event: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {
        name: one for name, one in event["data"]["attributes"].items() if name != "profile"
    }
    return {"type": "event", "attributes": attributes}
