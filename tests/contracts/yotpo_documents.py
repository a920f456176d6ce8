"""Documents of Yotpo's contract, to be spoilt by tests one place at a time."""

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from footfall.contracts.yotpo import read_custom_event, to_event
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from tests.contracts.redo_documents import OMIT

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

NOW = datetime(2026, 4, 2, 12, 30, tzinfo=UTC)
STORE = "64e5a8a1af49a89df37e4ee7"
EVENT_ID = "019d4e2b-3c00-7a1b-8c2d-3e4f5a6b7c8d"


def document(changes: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Return a valid document with some fields changed, by path: `{"customer.email": 5}`."""
    changed: dict[str, Any] = copy.deepcopy(
        {
            "source": "quiz_app",
            "type": "quiz_completed",
            "occurred_at": "2026-04-02T12:00:00Z",
            "id": "7f0c",
            "customer": {"external_id": "c-1", "custom_properties": {"vip": True}},
            "properties": {"score": 7},
        }
    )
    for path, value in (changes or {}).items():
        target, _, field = path.rpartition(".")
        place = changed[target] if target else changed
        if value is OMIT:
            del place[field]
        else:
            place[field] = value
    return changed


def event_of(changed: object) -> Event:
    """Return the event that a document means."""
    custom = read_custom_event(cast("JsonValue", changed), now=NOW)
    return to_event(custom, store_id=STORE, event_id=EVENT_ID, now=NOW)


def faults_of(changed: object) -> dict[str, str]:
    """Return the faults of a document: pointer to detail; none when it is valid."""
    try:
        read_custom_event(cast("JsonValue", changed), now=NOW)
    except FaultyDocumentError as error:
        return {fault.pointer: fault.detail for fault in error.faults}
    return {}
