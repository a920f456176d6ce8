"""The envelope: how accepted instructions travel from ingest to process, and to the dead letters.

    {"version": 1, "storeId": ..., "receivedAt": ..., "source": ..., "events": [{...}, ...]}

One request is one envelope. Its events are already validated and normalised; reading one again
only checks that it is what `to_envelope` writes, so that a foreign message is a permanent fault.
An element with a `kind` is no event, but a merge or a deletion.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import cast

from footfall.domain.events import STORE_SCOPE, Event, UniqueRule
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.instructions import Deletion, Instruction, Merge
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.numbers import is_number
from footfall.domain.stores import check_store_id
from footfall.domain.timestamps import format_timestamp, parse_timestamp
from footfall.domain.values import JsonObject, JsonValue, StatedValue
from footfall.errors import PermanentError

VERSION = 1
_MERGE = "merge"
_DELETION = "deletion"
_RANKS = {kind: rank for rank, kind in enumerate(IdentifierKind)}


class UnreadableEventError(PermanentError):
    """An envelope, or one event in it, is not what ingest writes."""


def to_envelope(instructions: Sequence[Instruction]) -> JsonObject:
    """Return the envelope of what one request tells; all of it shares store, source and time."""
    first = instructions[0]
    return {
        "version": VERSION,
        "storeId": first.store_id,
        "receivedAt": format_timestamp(first.received_at),
        "source": first.source,
        "events": [_to_wire(instruction) for instruction in instructions],
    }


def split_envelope(document: JsonValue) -> Iterator[JsonObject]:
    """Yield one envelope per event, so that a bad event does not spoil its neighbours.

    Raises:
        UnreadableEventError: when the document is no envelope at all.
    """
    yield from cut_envelope(document, 1)


def cut_envelope(document: JsonValue, size: int) -> Iterator[JsonObject]:
    """Yield envelopes of at most that many events, which together hold what this one holds.

    Raises:
        UnreadableEventError: when the document is no envelope at all.
    """
    if not isinstance(document, Mapping) or document.get("version") != VERSION:
        raise UnreadableEventError(f"the message is no envelope of version {VERSION}")
    events = document.get("events")
    if not isinstance(events, Sequence) or isinstance(events, str) or not events:
        raise UnreadableEventError("the envelope holds no events")
    for start in range(0, len(events), size):
        yield {**document, "events": events[start : start + size]}


def read_instruction(envelope: JsonObject) -> Instruction:
    """Return the event, or what else stands in an envelope of one.

    Raises:
        UnreadableEventError: when a field is missing or of the wrong type.
    """
    try:
        return _from_wire(envelope)
    except (KeyError, TypeError, ValueError, PermanentError) as error:
        raise UnreadableEventError(f"the event cannot be read: {type(error).__name__}") from error


def _to_wire(instruction: Instruction) -> JsonObject:
    match instruction:
        case Event():
            return _event_to_wire(instruction)
        case Merge():
            return {
                "kind": _MERGE,
                "eventId": instruction.merge_id,
                "primary": _identifiers_to_wire([instruction.primary]),
                "secondary": _identifiers_to_wire([instruction.secondary]),
            }
        case Deletion():
            return {
                "kind": _DELETION,
                "eventId": instruction.deletion_id,
                "identifiers": _identifiers_to_wire([instruction.identifier]),
            }


def _event_to_wire(event: Event) -> JsonObject:
    wire: dict[str, JsonValue] = {
        "eventId": event.event_id,
        "eventName": event.event_name,
        "eventTimestamp": format_timestamp(event.event_timestamp),
        "identifiers": _identifiers_to_wire(event.identifiers),
    }
    if event.profile:
        wire["profile"] = event.profile
    if event.data:
        wire["data"] = event.data
    if event.extra is not None:
        wire["extra"] = event.extra
    if event.value is not None:
        wire["value"] = event.value
    if event.value_currency is not None:
        wire["valueCurrency"] = event.value_currency
    if event.unique_id is not None:
        wire["uniqueId"] = event.unique_id
    if event.unique_scope != STORE_SCOPE:
        wire["uniqueScope"] = event.unique_scope
    if event.unique_rule is not UniqueRule.FIRST:
        wire["uniqueRule"] = event.unique_rule
    return wire


def _identifiers_to_wire(identifiers: Sequence[Identifier]) -> JsonObject:
    """Return the values by kind: one, or a list where there are more."""
    one_each: dict[str, JsonValue] = {one.kind: one.value for one in identifiers}
    if len(one_each) == len(identifiers):
        return one_each
    values: dict[str, list[str]] = {}
    for identifier in identifiers:
        values.setdefault(identifier.kind, []).append(identifier.value)
    return {kind: of_kind[0] if len(of_kind) == 1 else of_kind for kind, of_kind in values.items()}


def _from_wire(envelope: JsonObject) -> Instruction:
    (wire,) = cast("Sequence[JsonObject]", envelope["events"])
    instruction_id = _text(wire["eventId"])
    store_id, received_at, source = _head_from_wire(
        _text(envelope["storeId"]), _text(envelope["receivedAt"]), _text(envelope["source"])
    )
    match wire.get("kind"):
        case None:
            return _event_from_wire(wire, instruction_id, store_id, received_at, source)
        case "merge":
            (primary,) = _identifiers_from_wire(wire["primary"])
            (secondary,) = _identifiers_from_wire(wire["secondary"])
            return Merge(instruction_id, store_id, received_at, source, primary, secondary)
        case "deletion":
            (identifier,) = _identifiers_from_wire(wire["identifiers"])
            return Deletion(instruction_id, store_id, received_at, source, identifier)
        case _:
            raise ValueError


@lru_cache(maxsize=1)
def _head_from_wire(store_id: str, received_at: str, source: str) -> tuple[str, datetime, str]:
    """Return what all events of one request share; it is remembered for the next of them."""
    return check_store_id(store_id), _instant(received_at), source


def _event_from_wire(
    wire: JsonObject, event_id: str, store_id: str, received_at: datetime, source: str
) -> Event:
    unique_id = wire.get("uniqueId")
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=_name(wire["eventName"]),
        event_timestamp=_instant(wire["eventTimestamp"]),
        received_at=received_at,
        source=source,
        identifiers=_identifiers_from_wire(wire["identifiers"]),
        profile=cast("Mapping[str, StatedValue]", _object(wire.get("profile", {}))),
        data=_object(wire.get("data", {})),
        extra=wire.get("extra"),
        value=_number(wire["value"]) if "value" in wire else None,
        value_currency=_text(wire["valueCurrency"]) if "valueCurrency" in wire else None,
        unique_id=None if unique_id is None else _name(unique_id),
        unique_scope=_name(wire.get("uniqueScope", STORE_SCOPE)),
        unique_rule=UniqueRule(_text(wire.get("uniqueRule", UniqueRule.FIRST))),
    )


def _identifiers_from_wire(value: JsonValue) -> Sequence[Identifier]:
    identifiers: list[Identifier] = []
    for kind, values in _object(value).items():
        of_kind = values if isinstance(values, list) else [values]
        identifiers += [Identifier(IdentifierKind(kind), _name(one)) for one in of_kind]
    if not identifiers:
        raise ValueError
    return sorted(identifiers, key=lambda identifier: _RANKS[identifier.kind])


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
    if not isinstance(value, dict):
        raise TypeError
    return value


def _number(value: JsonValue) -> Decimal | int:
    if not is_number(value):
        raise TypeError
    return value


def _instant(value: JsonValue) -> datetime:
    instant = parse_timestamp(_text(value))
    if instant is None:
        raise ValueError
    return instant
