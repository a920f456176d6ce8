"""What is told through Customer.io's Track API, as events: what somebody did, or is.

Source of the rules: Customer.io's page on events (names are trimmed, ids are ULIDs, three keys of
the data are reserved) and its page on invalid requests, whose messages stand here word for word.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from footfall.contracts.amounts import amount_in
from footfall.contracts.customerio_faults import Complaint, Reason, refuse
from footfall.contracts.customerio_identifiers import (
    ANONYMOUS_ID,
    CIO_ID,
    ID,
    by_priority,
    identifiers_in_attributes,
)
from footfall.contracts.customerio_people import named_fields, person
from footfall.contracts.profiles import size_faults
from footfall.contracts.properties import (
    NOT_STORABLE,
    PlacedFault,
    event_property_faults,
    stored_properties,
)
from footfall.contracts.unix_time import instant_or_now
from footfall.domain.events import IDENTIFY, Event
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.identifiers import Identifier
from footfall.domain.limits import MAX_CUSTOMER_BYTES, MAX_NAME_CHARACTERS
from footfall.domain.numbers import is_storable
from footfall.domain.properties import is_unset, without_unset
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject, JsonValue, StatedValue

SOURCE = "customerio"
SCOPE = "customerio"

MAX_ATTRIBUTES = 300
MAX_ATTRIBUTE_NAME_BYTES = 150
MAX_ATTRIBUTE_BYTES = 1_000
MAX_EVENT_NAME_BYTES = 100
MAX_DATA_BYTES = 100_000

RESERVED = ("recipient", "from_address", "reply_to")
"""The keys of the data that override an e-mail's addresses at Customer.io."""

TIMESTAMP = "_timestamp"
_KEPT_TO_ITSELF = frozenset({ID, CIO_ID, ANONYMOUS_ID, TIMESTAMP, "_update", "cio_relationships"})
"""The attributes that are instructions to Customer.io or ids, and no fields of the profile."""

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


def identification(
    attributes: JsonObject,
    named: Identifier,
    occasion: Occasion,
    timestamp: JsonValue = None,
) -> Event:
    """Return the event in which attributes of a person are stated.

    Args:
        attributes: by name, flat.
        named: whom the call is about; the attributes may bring more identifiers.
        timestamp: in Unix time; orders the statement where the attributes do not.

    Raises:
        FaultyDocumentError: with every fault.
    """
    if faults := _attribute_faults(attributes):
        raise FaultyDocumentError(faults)
    ids = identifiers_in_attributes(attributes)
    about = person(
        {name: value for name, value in attributes.items() if name not in _KEPT_TO_ITSELF}
    )
    identifiers = by_priority([named, *ids, *about.identifiers])
    stated = attributes.get(TIMESTAMP)
    instant = instant_or_now(timestamp if stated is None else stated, now=occasion.now)
    return statement(identifiers, about.profile, occasion, instant)


def statement(
    named: Sequence[Identifier],
    fields: Mapping[str, StatedValue],
    occasion: Occasion,
    instant: datetime | None = None,
) -> Event:
    """Return the event that only says something about a person.

    Args:
        named: whom it is about; an address and a number are fields of the profile as well.
        fields: what it says, by path of the profile.
        instant: from when on it holds; now if None.

    Raises:
        FaultyDocumentError: when it says more than a profile can take at once.
    """
    profile = named_fields(named) | dict(fields)
    if size_faults(profile, ""):
        refuse("/attributes", f"attributes cannot be longer than {MAX_CUSTOMER_BYTES} bytes")
    return Event(
        event_id=occasion.instruction_id,
        store_id=occasion.store_id,
        event_name=IDENTIFY,
        event_timestamp=instant or occasion.now,
        received_at=occasion.now,
        source=SOURCE,
        identifiers=named,
        profile=profile,
    )


def text_of(value: JsonValue, name: str, pointer: str) -> str:
    """Return a text that is needed, such as the id of a device.

    Raises:
        FaultyDocumentError: when it is none, blank or longer than any attribute.
    """
    if not isinstance(value, str) or not value.strip():
        refuse(pointer, f"{name} must not be blank", Reason.REQUIRED)
    if len(value.encode()) > MAX_ATTRIBUTE_BYTES:
        refuse(pointer, f"{name} cannot be longer than {MAX_ATTRIBUTE_BYTES} bytes")
    return value


def _event_name(value: JsonValue, *, is_view: bool) -> tuple[str, list[Fault]]:
    """Return the name trimmed, and what is wrong with it.

    What a page or a screen is called is data, often a whole address, and as long as data may be.
    """
    if value is not None and not isinstance(value, str):
        return "", [Complaint("/name", "event name must be a string value")]
    name = (value or "").strip()
    if not name:
        return "", [Complaint("/name", "event name must not be blank", Reason.REQUIRED)]
    if not is_view and len(name.encode()) > MAX_EVENT_NAME_BYTES:
        detail = f"event name cannot be longer than {MAX_EVENT_NAME_BYTES} bytes"
        return "", [Complaint("/name", detail)]
    return name, []


def _data(value: JsonValue, pointer: str) -> tuple[JsonObject, list[Fault]]:
    """Return the data of an event, and what is wrong with it."""
    if value is None:
        return {}, []
    if not isinstance(value, Mapping):
        return {}, [Fault(pointer, "event data must be a hash")]
    if _bytes_of(value) > MAX_DATA_BYTES:
        return {}, [Fault(pointer, f"event data cannot be longer than {MAX_DATA_BYTES} bytes")]
    faults = event_property_faults(value)
    return value, [Fault(pointer, f"event data{_where(one)}") for one in faults]


def _attribute_faults(attributes: JsonObject) -> list[Fault]:
    pointer = "/attributes"
    if len(attributes) > MAX_ATTRIBUTES:
        detail = f"cannot identify more than {MAX_ATTRIBUTES} attributes in one request"
        return [Fault(pointer, detail)]
    if any(len(name.encode()) > MAX_ATTRIBUTE_NAME_BYTES for name in attributes):
        detail = f"attribute name cannot be longer than {MAX_ATTRIBUTE_NAME_BYTES} bytes"
        return [Fault(pointer, detail)]
    if "" in attributes:
        return [Fault(pointer, "attribute name cannot be an empty string")]
    found = ((name, _attribute_fault(value)) for name, value in attributes.items())
    return [
        Fault(pointer, f"value for attribute '{name}' {detail}")
        for name, detail in found
        if detail is not None
    ]


def _attribute_fault(value: JsonValue) -> str | None:
    if isinstance(value, int | Decimal) and not is_storable(value):
        return _lower_case(NOT_STORABLE)
    if _bytes_of(value) > MAX_ATTRIBUTE_BYTES:
        return f"cannot be longer than {MAX_ATTRIBUTE_BYTES} bytes"
    return None


def _bytes_of(value: JsonValue) -> int:
    """Return how long a value is: a text as UTF-8, everything else as JSON."""
    try:
        return len((value if isinstance(value, str) else dump_json(value)).encode())
    except RecursionError:
        # So deep that it cannot be written: longer than anything that may come.
        return MAX_DATA_BYTES + 1


def _where(fault: PlacedFault) -> str:
    steps, detail = fault
    place = ".".join(str(step) for step in steps)[:_MAX_PLACE_CHARACTERS]
    return f" at {place}: {_lower_case(detail)}" if place else f": {_lower_case(detail)}"


def _lower_case(detail: str) -> str:
    """Return the sentence as part of another: Customer.io's have neither capital nor full stop."""
    return detail[:1].lower() + detail[1:].removesuffix(".")


def with_reserved(extra: JsonValue, properties: JsonObject) -> JsonValue:
    """Return `$extra` with the reserved keys marked: they stay in the data, and stand here too."""
    reserved = without_unset({name: properties[name] for name in RESERVED if name in properties})
    if not reserved:
        return extra
    rest: JsonObject = {} if extra is None else {"$extra": extra}
    return {**(extra if isinstance(extra, Mapping) else rest), "reserved": reserved}


def _unique_id(value: JsonValue) -> str | None:
    """Return the id by which repetitions are known.

    Letters of a ULID mean the same in both cases. Customer.io does not say what another id does;
    here it counts too, if a text of its length can be one at all.
    """
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_NAME_CHARACTERS:
        return None
    return value.upper() if _ULID.fullmatch(value) else value
