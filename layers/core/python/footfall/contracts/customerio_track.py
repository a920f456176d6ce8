"""Customer.io's Track API, version 1: what its calls mean to Footfall.

Most calls name the person in their path, so the documents hold the rest. A path and a document may
name a person together: all the names belong to one person then.
Source: Customer.io's OpenAPI description of the Track API.
"""

from collections.abc import Mapping

from footfall.contracts.customerio_events import SOURCE, Occasion, action
from footfall.contracts.customerio_faults import Reason, refuse
from footfall.contracts.customerio_identifiers import (
    ANONYMOUS_ID,
    CIO_ID,
    EMAIL,
    ID,
    anonymous_identifier,
    only_identifier,
)
from footfall.contracts.customerio_limits import MAX_ATTRIBUTE_BYTES
from footfall.contracts.customerio_people import SUPPRESSED, device_field
from footfall.contracts.customerio_statements import identification, statement
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier, IdentifierKind, normalise_email
from footfall.domain.instructions import Deletion, Merge
from footfall.domain.values import JsonObject, JsonValue

_DATA = "data"
_RECIPIENT = "recipient"
_MERGED_BY = (ID, EMAIL, CIO_ID)


def read_identify(document: JsonValue, named: Identifier, occasion: Occasion) -> Event:
    """Return what the attributes of a person say.

    Raises:
        FaultyDocumentError: with every fault.
    """
    return identification(_hash(document), named, occasion)


def read_event(document: JsonValue, named: Identifier, occasion: Occasion) -> Event:
    """Return the event of a person.

    Raises:
        FaultyDocumentError: with every fault.
    """
    return action(_hash(document), _DATA, [named], occasion)


def read_anonymous_event(document: JsonValue, occasion: Occasion) -> Event:
    """Return the event of somebody unknown: of a browser, or of whoever an invitation goes to.

    Raises:
        FaultyDocumentError: with every fault; it has to bring an `anonymous_id`, or an e-mail
            address as `data.recipient`.
    """
    fields = _hash(document)
    named = anonymous_identifier(fields) or _invited(fields.get(_DATA))
    return action(fields, _DATA, [named], occasion)


def read_device(document: JsonValue, named: Identifier, occasion: Occasion) -> Event:
    """Return the statement that a person has a device.

    Raises:
        FaultyDocumentError: when it has no id or no platform.
    """
    return device_statement(_hash(document).get("device"), named, occasion)


def device_statement(device: JsonValue, named: Identifier, occasion: Occasion) -> Event:
    """Return the statement that a person has this device; its platform is the field's value.

    Args:
        device: `id`, which version 2 calls `token`, and `platform`; the rest is not kept.

    Raises:
        FaultyDocumentError: when it has no id or no platform.
    """
    fields = device if isinstance(device, Mapping) else {}
    platform = _text_of(fields.get("platform"), "device platform", "/device/platform")
    return statement([named], {device_field(device_id(fields)): platform}, occasion)


def device_id(device: JsonObject) -> str:
    """Return the id of a device.

    Raises:
        FaultyDocumentError: when it has none.
    """
    token = device.get("token")
    return _text_of(device.get(ID) if token is None else token, "device id", "/device/id")


def device_deletion(name: str, named: Identifier, occasion: Occasion) -> Event:
    """Return the statement that a person has the device of this name no longer.

    Raises:
        FaultyDocumentError: when the name is blank or too long.
    """
    field = device_field(_text_of(name, "device id", "/device/id"))
    return statement([named], {field: None}, occasion)


def suppression(named: Identifier, occasion: Occasion, *, is_suppressed: bool) -> Event:
    """Return the statement that nobody may write to a person, or may again."""
    return statement([named], {SUPPRESSED: is_suppressed or None}, occasion)


def deletion(named: Identifier, occasion: Occasion) -> Deletion:
    """Return the request to forget a person."""
    return Deletion(occasion.instruction_id, occasion.store_id, occasion.now, SOURCE, named)


def read_merge(document: JsonValue, occasion: Occasion) -> Merge:
    """Return the statement that `primary` and `secondary` are one person.

    Raises:
        FaultyDocumentError: when one is not named by exactly one of its ids, or both by the same.
    """
    fields = _hash(document)
    primary = only_identifier(fields.get("primary"), _MERGED_BY, "/primary")
    secondary = only_identifier(fields.get("secondary"), _MERGED_BY, "/secondary")
    if primary == secondary:
        refuse("/secondary", "primary and secondary must not be the same")
    return Merge(
        occasion.instruction_id, occasion.store_id, occasion.now, SOURCE, primary, secondary
    )


def _text_of(value: JsonValue, name: str, pointer: str) -> str:
    """Return a text that is needed, such as the id of a device.

    Raises:
        FaultyDocumentError: when it is none, blank or longer than any attribute.
    """
    if not isinstance(value, str) or not value.strip():
        refuse(pointer, f"{name} must not be blank", Reason.REQUIRED)
    if len(value.encode()) > MAX_ATTRIBUTE_BYTES:
        refuse(pointer, f"{name} cannot be longer than {MAX_ATTRIBUTE_BYTES} bytes")
    return value


def _hash(document: JsonValue) -> JsonObject:
    if not isinstance(document, Mapping):
        refuse("", "the request must be a hash")
    return document


def _invited(data: JsonValue) -> Identifier:
    recipient = data.get(_RECIPIENT) if isinstance(data, Mapping) else None
    if recipient is None:
        refuse(
            f"/{ANONYMOUS_ID}",
            "anonymous_id must be present, or data.recipient for an invitation",
            Reason.REQUIRED,
        )
    address = normalise_email(recipient) if isinstance(recipient, str) else None
    if address is None:
        refuse(f"/{_DATA}/{_RECIPIENT}", "recipient must be an e-mail address")
    return Identifier(IdentifierKind.EMAIL, address)
