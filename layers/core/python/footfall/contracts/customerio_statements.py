"""What somebody is, as Customer.io's Track API tells it: statements about a person.

Source of the messages: Customer.io's page on invalid requests.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from footfall.contracts.customerio_events import SOURCE, Occasion
from footfall.contracts.customerio_faults import as_clause, refuse
from footfall.contracts.customerio_identifiers import (
    ANONYMOUS_ID,
    CIO_ID,
    ID,
    by_priority,
    identifiers_in_attributes,
)
from footfall.contracts.customerio_limits import (
    MAX_ATTRIBUTE_BYTES,
    MAX_ATTRIBUTE_NAME_BYTES,
    MAX_ATTRIBUTES,
    bytes_of,
)
from footfall.contracts.customerio_people import named_fields, person
from footfall.contracts.profiles import size_faults
from footfall.contracts.properties import NOT_STORABLE
from footfall.contracts.unix_time import instant_or_now
from footfall.domain.events import IDENTIFY, Event
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.identifiers import Identifier
from footfall.domain.limits import MAX_CUSTOMER_BYTES
from footfall.domain.numbers import is_storable
from footfall.domain.values import JsonObject, JsonValue, StatedValue

_TIMESTAMP = "_timestamp"
_KEPT_TO_ITSELF = frozenset({ID, CIO_ID, ANONYMOUS_ID, _TIMESTAMP, "_update", "cio_relationships"})
"""The attributes that are instructions to Customer.io or ids, and no fields of the profile."""


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
    stated = attributes.get(_TIMESTAMP)
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
    stored = ((name, value) for name, value in attributes.items() if name not in _KEPT_TO_ITSELF)
    found = ((name, _attribute_fault(value)) for name, value in stored)
    return [
        Fault(pointer, f"value for attribute '{name}' {detail}")
        for name, detail in found
        if detail is not None
    ]


def _attribute_fault(value: JsonValue) -> str | None:
    if isinstance(value, int | Decimal) and not is_storable(value):
        return as_clause(NOT_STORABLE)
    if bytes_of(value) > MAX_ATTRIBUTE_BYTES:
        return f"cannot be longer than {MAX_ATTRIBUTE_BYTES} bytes"
    return None
