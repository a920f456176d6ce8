"""An accepted event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from footfall.domain.identifiers import Identifier
from footfall.domain.values import JsonValue, StatedValue

STORE_SCOPE = "store"
"""The unique scope of Redo's contract: a uniqueId is unique in the whole store."""

IDENTIFY = "$identify"
"""The name of an event that only says something about its customer."""


class UniqueRule(StrEnum):
    """Which event is kept of those with one unique id in one scope."""

    FIRST = "first"
    """The first that is stored; the scope is the store's."""

    FIRST_OF_CUSTOMER = "first_of_customer"
    """The first that is stored; each customer and event name has a scope of its own."""

    LAST = "last"
    """The one accepted last; it replaces those before. The scope is the store's."""


@dataclass(slots=True)
class Event:
    """One thing a customer did, validated and normalised. Nothing changes it once it is made.

    It is not frozen, as to make a frozen one takes three times as long, and ingest makes a hundred
    for a request.

    Attributes:
        event_id: given at ingest; unique and time-ordered.
        event_timestamp: when it happened, by the sender's word.
        received_at: when ingest accepted it.
        source: the API family it came through.
        identifiers: how it names its customer, highest priority first; at least one.
        profile: what it says about its customer, by path: `firstName`, `location.city`,
            `customFields.Loyalty Tier`, and `email` and `phoneNumber` where given. None takes a
            field's value away.
        data: its segmentable properties; unset values (0, null, "") are already gone.
        extra: `data.$extra` as it came, or None.
        unique_id: with `unique_scope`, what makes it the only one of its kind in the store.
        unique_scope: the unique ids of one scope know nothing of those of another.
        unique_rule: which event is kept of those with one unique id.
    """

    event_id: str
    store_id: str
    event_name: str
    event_timestamp: datetime
    received_at: datetime
    source: str
    identifiers: Sequence[Identifier]
    profile: Mapping[str, StatedValue] = field(default_factory=dict)
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    extra: JsonValue = None
    value: Decimal | int | None = None
    value_currency: str | None = None
    unique_id: str | None = None
    unique_scope: str = STORE_SCOPE
    unique_rule: UniqueRule = UniqueRule.FIRST
