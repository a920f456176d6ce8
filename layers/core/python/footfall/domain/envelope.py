"""The envelope: how accepted events travel from ingest to process, and to the dead-letter queue.

    {"version": 1, "storeId": ..., "receivedAt": ..., "source": ..., "events": [{...}, ...]}

One request is one envelope. Its events are already validated and normalised; reading one again
only checks that it is what `to_envelope` writes, so that a foreign message is a permanent fault.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import cast

from footfall.domain.events import STORE_SCOPE, Event
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.stores import check_store_id
from footfall.domain.timestamps import format_timestamp, parse_timestamp
from footfall.domain.values import JsonObject, JsonValue, ProfileValue
from footfall.errors import PermanentError

VERSION = 1


class UnreadableEventError(PermanentError):
    """An envelope, or one event in it, is not what ingest writes."""


def to_envelope(events: Sequence[Event]) -> JsonObject:
    """Return the envelope of the events of one request; they share store, source and reception."""
    first = events[0]
    return {
        "version": VERSION,
        "storeId": first.store_id,
        "receivedAt": format_timestamp(first.received_at),
        "source": first.source,
        "events": [_to_wire(event) for event in events],
    }


def split_envelope(document: JsonValue) -> Iterator[JsonObject]:
    """Yield one envelope per event, so that a bad event does not spoil its neighbours.

    Raises:
        UnreadableEventError: when the document is no envelope at all.
    """
    if not isinstance(document, Mapping) or document.get("version") != VERSION:
        raise UnreadableEventError(f"the message is no envelope of version {VERSION}")
    events = document.get("events")
    if not isinstance(events, Sequence) or isinstance(events, str) or not events:
        raise UnreadableEventError("the envelope holds no events")
    for event in events:
        yield {**document, "events": [event]}


def read_event(envelope: JsonObject) -> Event:
    """Return the event of an envelope that holds one.

    Raises:
        UnreadableEventError: when a field is missing or of the wrong type.
    """
    try:
        return _from_wire(envelope)
    except (KeyError, TypeError, ValueError, PermanentError) as error:
        raise UnreadableEventError(f"the event cannot be read: {type(error).__name__}") from error


def _to_wire(event: Event) -> JsonObject:
    wire: dict[str, JsonValue] = {
        "eventId": event.event_id,
        "eventName": event.event_name,
        "eventTimestamp": format_timestamp(event.event_timestamp),
        "identifiers": {identifier.kind: identifier.value for identifier in event.identifiers},
    }
    optional: dict[str, JsonValue] = {
        "profile": event.profile or None,
        "data": event.data or None,
        "extra": event.extra,
        "value": event.value,
        "valueCurrency": event.value_currency,
        "uniqueId": event.unique_id,
        "uniqueScope": None if event.unique_scope == STORE_SCOPE else event.unique_scope,
    }
    return wire | {key: value for key, value in optional.items() if value is not None}


def _from_wire(envelope: JsonObject) -> Event:
    (wire,) = cast("Sequence[JsonObject]", envelope["events"])
    identifiers = _object(wire["identifiers"])
    if not identifiers:
        raise ValueError
    unique_id = wire.get("uniqueId")
    return Event(
        event_id=_text(wire["eventId"]),
        store_id=check_store_id(_text(envelope["storeId"])),
        event_name=_name(wire["eventName"]),
        event_timestamp=_instant(wire["eventTimestamp"]),
        received_at=_instant(envelope["receivedAt"]),
        source=_text(envelope["source"]),
        identifiers=[
            Identifier(kind, _name(identifiers[kind]))
            for kind in IdentifierKind
            if kind in identifiers
        ],
        profile=cast("Mapping[str, ProfileValue]", _object(wire.get("profile", {}))),
        data=_object(wire.get("data", {})),
        extra=wire.get("extra"),
        value=_number(wire["value"]) if "value" in wire else None,
        value_currency=_text(wire["valueCurrency"]) if "valueCurrency" in wire else None,
        unique_id=None if unique_id is None else _name(unique_id),
        unique_scope=_name(wire.get("uniqueScope", STORE_SCOPE)),
    )


def _text(value: JsonValue) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _name(value: JsonValue) -> str:
    text = _text(value)
    if len(text) > MAX_NAME_CHARACTERS:
        raise ValueError
    return text


def _object(value: JsonValue) -> JsonObject:
    if not isinstance(value, Mapping):
        raise TypeError
    return value


def _number(value: JsonValue) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError
    return value


def _instant(value: JsonValue) -> datetime:
    instant = parse_timestamp(_text(value))
    if instant is None:
        raise ValueError
    return instant
