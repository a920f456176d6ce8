"""Customer.io's Track API, version 2: operations on people, alone or many at once.

Objects, relationships and reports of deliveries are not offered; an operation on one is refused by
itself, and the others of its batch are none the worse for it.
Source: Customer.io's OpenAPI description of the Track API.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from footfall.contracts.customerio_events import Occasion, action
from footfall.contracts.customerio_faults import Complaint, Reason, refuse
from footfall.contracts.customerio_identifiers import (
    CIO_ID,
    EMAIL,
    ID,
    PHONE,
    only_identifier,
)
from footfall.contracts.customerio_statements import identification
from footfall.contracts.customerio_track import (
    deletion,
    device_deletion,
    device_id,
    device_statement,
    read_merge,
    suppression,
)
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Instruction
from footfall.domain.stores import Scope
from footfall.domain.values import JsonObject, JsonValue

MAX_OPERATIONS = 10_000
"""Of one batch: more than fit the 500 KB that Customer.io takes."""

_NAMED_BY = (ID, EMAIL, PHONE, CIO_ID)
_ATTRIBUTES = "attributes"
_NEEDS_MORE = frozenset({"delete", "merge", "suppress", "unsuppress"})
_NOT_OFFERED = frozenset({"add_relationships", "delete_relationships"})
_OTHER_TYPES = frozenset({"object", "delivery"})

Scopes: TypeAlias = Collection[str]


def read_batch(document: JsonValue) -> Sequence[JsonValue]:
    """Return the operations of a batch, each still to be read.

    Raises:
        FaultyDocumentError: when the document is not `{"batch": [1 to 10,000 operations]}`.
    """
    batch = document.get("batch") if isinstance(document, Mapping) else None
    if batch is None:
        refuse("/batch", "Batch is required", Reason.REQUIRED)
    if isinstance(batch, str) or not isinstance(batch, Sequence):
        refuse("/batch", "Batch must be an array of operations")
    if not 1 <= len(batch) <= MAX_OPERATIONS:
        refuse("/batch", f"Batch must have 1 to {MAX_OPERATIONS} operations")
    return batch


def read_operation(document: JsonValue, scopes: Scopes, occasion: Occasion) -> Instruction:
    """Return what an operation means.

    Args:
        scopes: what the caller's key may do.

    Raises:
        FaultyDocumentError: with every fault.
    """
    if not isinstance(document, dict):
        refuse("", "An operation must be an object")
    kind = _word(document, "type")
    name = _word(document, "action")
    if kind in _OTHER_TYPES:
        refuse("/type", f"Type {kind} is not offered", Reason.NOT_OFFERED)
    if kind != "person":
        refuse("/type", "Type must be person")
    if name in _NEEDS_MORE and Scope.CUSTOMERS_WRITE not in scopes:
        detail = f"The API key lacks the scope {Scope.CUSTOMERS_WRITE}"
        refuse("/action", detail, Reason.FORBIDDEN)
    if name == "merge":
        return read_merge(document, occasion)
    return _of_one_person(document, name, occasion)


def _of_one_person(document: JsonObject, name: str, occasion: Occasion) -> Instruction:
    if name in _NOT_OFFERED:
        refuse("/action", f"Action {name} is not offered", Reason.NOT_OFFERED)
    named = only_identifier(document.get("identifiers"), _NAMED_BY, "/identifiers")
    match name:
        case "identify":
            return _identify(document, named, occasion)
        case "event" | "page" | "screen":
            if not document.get("name"):
                refuse("/name", "Name is required", Reason.REQUIRED)
            return action({**document, "type": name}, _ATTRIBUTES, [named], occasion)
        case "delete":
            return deletion(named, occasion)
        case "suppress" | "unsuppress":
            return suppression(named, occasion, is_suppressed=name == "suppress")
        case "add_device":
            return device_statement(document.get("device"), named, occasion)
        case "delete_device":
            device = document.get("device")
            token = device_id(device if isinstance(device, Mapping) else {})
            return device_deletion(token, named, occasion)
        case _:
            raise FaultyDocumentError([Complaint("/action", "Action is not one of a person's")])


def _identify(document: JsonObject, named: Identifier, occasion: Occasion) -> Instruction:
    attributes = document.get(_ATTRIBUTES)
    if attributes is None:
        attributes = {}
    if not isinstance(attributes, Mapping):
        refuse(f"/{_ATTRIBUTES}", "Attributes must be an object")
    return identification(attributes, named, occasion, document.get("timestamp"))


def _word(document: JsonObject, field: str) -> str:
    """Return a word that is one of a few."""
    value = document.get(field)
    if value is None or value == "":
        refuse(f"/{field}", f"{field.capitalize()} is required", Reason.REQUIRED)
    if not isinstance(value, str):
        refuse(f"/{field}", f"{field.capitalize()} must be a string")
    return value
