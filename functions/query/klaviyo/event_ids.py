"""The ids of events in Klaviyo's API: each leads back to where its event stands.

An id is the customer's id, the instant and the event's own id, as 36 bytes in URL-safe base64.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from footfall.domain.timestamps import from_microseconds, to_microseconds

_CUSTOMER_BYTES = 12
_INSTANT_BYTES = 8
_EVENT_BYTES = 16


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event stands: the customer, and the instant and id on the customer's timeline."""

    customer_id: str
    instant: datetime
    event_id: str


def to_klaviyo_id(place: EventPlace) -> str:
    """Return the id of the event that stands there: 48 characters."""
    instant = to_microseconds(place.instant).to_bytes(_INSTANT_BYTES, "big", signed=True)
    event = UUID(place.event_id).bytes
    return base64.urlsafe_b64encode(bytes.fromhex(place.customer_id) + instant + event).decode()


def from_klaviyo_id(text: str) -> EventPlace | None:
    """Return where the event of an id stands, or None when it is no id of an event."""
    try:
        content = base64.b64decode(text, altchars=b"-_", validate=True)
        if len(content) != _CUSTOMER_BYTES + _INSTANT_BYTES + _EVENT_BYTES:
            return None
        microseconds = int.from_bytes(content[_CUSTOMER_BYTES:-_EVENT_BYTES], "big", signed=True)
        instant = from_microseconds(microseconds)
    except (ValueError, OverflowError):
        return None
    customer_id = content[:_CUSTOMER_BYTES].hex()
    return EventPlace(customer_id, instant, str(UUID(bytes=content[-_EVENT_BYTES:])))
