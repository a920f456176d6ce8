"""What Klaviyo's documents mean to Footfall: events, and statements about a person."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from footfall.contracts.klaviyo_occurrences import Telling
from footfall.contracts.klaviyo_profiles import Person
from footfall.contracts.properties import stored_properties
from footfall.domain.events import IDENTIFY, Event, UniqueRule
from footfall.domain.timestamps import to_microseconds

if TYPE_CHECKING:
    from footfall.domain.values import JsonObject

SOURCE = "klaviyo"
SCOPE = "klaviyo"
"""The unique scope of Klaviyo's contract; each customer and metric has one of its own in it."""

_MICROSECONDS = 1_000_000


def to_event(telling: Telling, *, store_id: str, event_id: str, now: datetime) -> Event:
    """Return the event that a telling means.

    Without a unique id, the second in which it happened stands for one.

    Args:
        telling: the validated event.
        store_id: the store of the caller's key.
        event_id: a new event id.
        now: when the request came in.
    """
    person, occurrence = telling.person, telling.occurrence
    instant = occurrence.get("time") or now.replace(microsecond=0)
    data, extra = stored_properties(cast("JsonObject", occurrence["properties"]))
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=occurrence["metric"],
        event_timestamp=instant,
        received_at=now,
        source=SOURCE,
        identifiers=person.identifiers,
        profile=person.fields,
        data=data,
        extra=extra,
        value=occurrence.get("value"),
        value_currency=occurrence.get("value_currency"),
        unique_id=occurrence.get("unique_id") or str(to_microseconds(instant) // _MICROSECONDS),
        unique_scope=SCOPE,
        unique_rule=UniqueRule.FIRST_OF_CUSTOMER,
    )


def to_statement(person: Person, *, store_id: str, event_id: str, now: datetime) -> Event:
    """Return the event that only says something about a person, from now on."""
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=IDENTIFY,
        event_timestamp=now,
        received_at=now,
        source=SOURCE,
        identifiers=person.identifiers,
        profile=person.fields,
    )
