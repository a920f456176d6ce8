"""Documents of Redo's contract, to be spoilt by tests one place at a time."""

import copy
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from footfall.contracts.redo import read_event, to_event
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.strict_json import parse_json

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

NOW = datetime(2026, 4, 2, 12, 30, tzinfo=UTC)
STORE = "64e5a8a1af49a89df37e4ee7"
EVENT_ID = "019d4e2b-3c00-7a1b-8c2d-3e4f5a6b7c8d"

DOCUMENTED_EXAMPLE = """
{"eventName":"Purchase Milestone Reached",
 "customer":{"id":"665f1a2b3c4d5e6f7a8b9c0d","email":"stewart@example.com",
  "phoneNumber":"+11234567890","firstName":"Stewart","lastName":"Thompson",
  "location":{"street1":"123 Main St","street2":"Apt 4B","city":"Seattle","state":"Washington",
   "stateCode":"WA","postalCode":"98101","country":"United States","countryCode":"US",
   "ianaTimeZoneName":"America/Los_Angeles","latitude":47.6062,"longitude":-122.3321},
  "customFields":{"Age at Signup":25,"Birthday":"1976-07-04T12:00:00Z","Loyalty Tier":"Gold",
   "Accepts Marketing":true}},
 "eventTimestamp":"2026-04-02T12:00:00Z","value":299.99,"valueCurrency":"USD",
 "uniqueId":"milestone-test-001",
 "data":{"Milestone Type":"100th_purchase","Total Spent":5000,"VIP Tier":"gold",
  "Enrolled At":"2025-01-01T00:00:00Z",
  "$extra":{"Most Recent Order IDs":[1,2,3],
   "Profile Snapshot":{"tier":"gold","memberSince":"2024-01-01"}}}}
"""

OMIT = object()
"""In place of a value: take the field away."""


def document(changes: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Return a valid document with some fields changed, by path: `{"customer.email": 5}`."""
    changed: dict[str, Any] = copy.deepcopy(
        {
            "eventName": "Order Placed",
            "customer": {"email": "jane@example.com", "location": {}, "customFields": {}},
            "data": {"Item Count": 3},
        }
    )
    for path, value in (changes or {}).items():
        *parents, field = path.split(".")
        target: MutableMapping[str, Any] = changed
        for parent in parents:
            target = target[parent]
        if value is OMIT:
            del target[field]
        else:
            target[field] = value
    return changed


def event_of(changed: object, unique_id: str | None = None) -> Event:
    """Return the event that a document means."""
    request = read_event(cast("JsonValue", changed), now=NOW)
    return to_event(request, store_id=STORE, event_id=EVENT_ID, now=NOW, unique_id=unique_id)


def documented_event() -> Event:
    return event_of(parse_json(DOCUMENTED_EXAMPLE))


def faults_of(changed: object) -> dict[str, str]:
    """Return the faults of a document: pointer to detail; none when it is valid."""
    try:
        read_event(cast("JsonValue", changed), now=NOW)
    except FaultyDocumentError as error:
        return {fault.pointer: fault.detail for fault in error.faults}
    return {}
