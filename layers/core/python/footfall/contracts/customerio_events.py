"""What somebody did, as Customer.io's Track API tells it.

Source of the rules: Customer.io's page on events (names are trimmed, ids are ULIDs, three keys of
the data are reserved) and its page on invalid requests, whose messages stand here word for word.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from footfall.contracts.amounts import amount_in
from footfall.contracts.customerio_faults import Complaint, Reason, as_clause
from footfall.contracts.customerio_limits import MAX_DATA_BYTES, MAX_EVENT_NAME_BYTES, bytes_of
from footfall.contracts.customerio_people import named_fields
from footfall.contracts.properties import (
    EXTRA,
    PlacedFault,
    event_property_faults,
    stored_properties,
)
from footfall.contracts.unix_time import instant_or_now
from footfall.domain.events import Event
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.identifiers import Identifier
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.properties import is_unset
from footfall.domain.values import JsonObject, JsonValue

SOURCE = "customerio"
SCOPE = "customerio"

RESERVED = ("recipient", "from_address", "reply_to")
"""The keys of the data that override an e-mail's addresses at Customer.io."""

_MARK = "reserved"
_VIEWS = frozenset({"page", "screen"})
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII | re.IGNORECASE)
_MAX_PLACE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Occasion:
    """The circumstances under which something is told.

    Attributes:
        instruction_id: a new id for it.
        store_id: the store of the caller's key.
        now: when the request came in.
    """

    instruction_id: str
    store_id: str
    now: datetime


def action(
    document: JsonObject, data_field: str, named: Sequence[Identifier], occasion: Occasion
) -> Event:
    """Return the event in which somebody did something.

    A page or a screen is an event called so, and what it is called itself stands in its data.

    Args:
        document: `name`, `type`, `id`, `timestamp` and the data.
        data_field: the name of the data, in which the two versions differ.
        named: whom it is about.

    Raises:
        FaultyDocumentError: with every fault.
    """
    kind = document.get("type")
    is_view = isinstance(kind, str) and kind in _VIEWS
    name, name_faults = _event_name(document.get("name"), is_view=is_view)
    data, data_faults = _data(document.get(data_field), f"/{data_field}")
    if is_view:
        data = {**data, "name": name if is_unset(data.get("name")) else data["name"]}
        name = str(kind)
    if name_faults or data_faults:
        raise FaultyDocumentError([*name_faults, *data_faults])
    properties, extra = stored_properties(data)
    value, currency = amount_in(data)
    return Event(
        event_id=occasion.instruction_id,
        store_id=occasion.store_id,
        event_name=name,
        event_timestamp=instant_or_now(document.get("timestamp"), now=occasion.now),
        received_at=occasion.now,
        source=SOURCE,
        identifiers=named,
        profile=named_fields(named),
        data=properties,
        extra=with_reserved(extra, properties),
        value=value,
        value_currency=currency,
        unique_id=_unique_id(document.get("id")),
        unique_scope=SCOPE,
    )


def with_reserved(extra: JsonValue, properties: JsonObject) -> JsonValue:
    """Return `$extra` with the reserved keys marked: they stay in the data, and stand here too.

    Args:
        extra: what came as `$extra`; it stands by itself where it is no object, or says `reserved`.
        properties: those that are stored.
    """
    reserved = {name: properties[name] for name in RESERVED if name in properties}
    if not reserved:
        return extra
    if extra is None:
        return {_MARK: reserved}
    if isinstance(extra, Mapping) and _MARK not in extra:
        return {**extra, _MARK: reserved}
    return {EXTRA: extra, _MARK: reserved}


def _event_name(value: JsonValue, *, is_view: bool) -> tuple[str, list[Fault]]:
    """Return the name trimmed, and what is wrong with it.

    What a page or a screen is called is data, often a whole address, and as long as data may be.
    """
    if value is not None and not isinstance(value, str):
        return "", [Complaint("/name", "event name must be a string value")]
    name = (value or "").strip()
    if not name:
        return "", [Complaint("/name", "event name must not be blank", Reason.REQUIRED)]
    limit = MAX_DATA_BYTES if is_view else MAX_EVENT_NAME_BYTES
    if len(name.encode()) > limit:
        return "", [Complaint("/name", f"event name cannot be longer than {limit} bytes")]
    return name, []


def _data(value: JsonValue, pointer: str) -> tuple[JsonObject, list[Fault]]:
    """Return the data of an event, and what is wrong with it."""
    if value is None:
        return {}, []
    if not isinstance(value, dict):
        return {}, [Fault(pointer, "event data must be a hash")]
    if bytes_of(value) > MAX_DATA_BYTES:
        return {}, [Fault(pointer, f"event data cannot be longer than {MAX_DATA_BYTES} bytes")]
    faults = event_property_faults(value)
    return value, [Fault(pointer, f"event data{_where(one)}") for one in faults]


def _where(fault: PlacedFault) -> str:
    steps, detail = fault
    place = ".".join(str(step) for step in steps)[:_MAX_PLACE_CHARACTERS]
    return f" at {place}: {as_clause(detail)}" if place else f": {as_clause(detail)}"


def _unique_id(value: JsonValue) -> str | None:
    """Return the id by which repetitions are known.

    Letters of a ULID mean the same in both cases. Customer.io does not say what another id does;
    here it counts too, if a text of its length can be one at all.
    """
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_NAME_CHARACTERS:
        return None
    return value.upper() if _ULID.fullmatch(value) else value
