"""How Customer.io's Track API names people.

Customer.io's own id of a person, the `cio_id`, is Footfall's own customer id here. Both that and
the caller's id are ids of one kind, of which the own one comes first.
Source: Customer.io's OpenAPI description of the Track API.
"""

from collections.abc import Collection, Iterable, Sequence

from footfall.contracts.customerio_faults import Reason, refuse
from footfall.contracts.customerio_limits import MAX_ID_BYTES
from footfall.domain.identifiers import (
    Identifier,
    IdentifierKind,
    normalise_email,
    normalise_phone,
)
from footfall.domain.values import JsonObject, JsonValue

ID = "id"
EMAIL = "email"
PHONE = "phone"
CIO_ID = "cio_id"
ANONYMOUS_ID = "anonymous_id"

_CIO_PREFIX = "cio_"
_ORDER = tuple(IdentifierKind)


def identifier_in_path(text: str) -> Identifier:
    """Return whom the path of version 1 names.

    Args:
        text: percent-decoded.

    Raises:
        FaultyDocumentError: when it is blank, or too long for an id.
    """
    named = identifier_by_shape(_text(text, ID, ""))
    if named.kind is IdentifierKind.ID:
        _checked(named.value, ID, "")
    return named


def identifier_by_shape(text: str) -> Identifier:
    """Return whom a text names that may be any kind of id; its shape tells which.

    A phone number counts as an id, as it does at Customer.io.

    Args:
        text: not blank, and without spaces around it.
    """
    if text.startswith(_CIO_PREFIX) and (own_id := text.removeprefix(_CIO_PREFIX).strip()):
        return Identifier(IdentifierKind.ID, own_id)
    address = normalise_email(text)
    if address is not None:
        return Identifier(IdentifierKind.EMAIL, address)
    return Identifier(IdentifierKind.ID, text)


def only_identifier(names: JsonValue, offered: Collection[str], pointer: str) -> Identifier:
    """Return the one identifier that an object such as `{"email": ...}` holds.

    Args:
        offered: the names that may stand there; others, and null, count as nothing.
        pointer: where in the document the object stands.

    Raises:
        FaultyDocumentError: when there is none or more than one, or it is none of its kind.
    """
    given = names if isinstance(names, dict) else {}
    found = [name for name in offered if given.get(name) is not None]
    if len(found) != 1:
        field = pointer.removeprefix("/")
        listed = ", ".join(offered)
        reason = Reason.INVALID if found else Reason.REQUIRED
        refuse(pointer, f"{field} must have exactly one of {listed}", reason)
    (name,) = found
    return _named(name, _spelled_out(given[name]), f"{pointer}/{name}")


def identifiers_in_attributes(attributes: JsonObject) -> Sequence[Identifier]:
    """Return the ids that the attributes of a person bring; the address is left to the profile.

    Raises:
        FaultyDocumentError: when one is no text, blank or too long.
    """
    found: list[Identifier] = []
    if attributes.get(CIO_ID) is not None:
        found.append(_named(CIO_ID, attributes[CIO_ID], f"/{CIO_ID}"))
    if attributes.get(ID) is not None:
        found.append(_named(ID, attributes[ID], f"/{ID}"))
    anonymous = anonymous_identifier(attributes)
    return found if anonymous is None else [*found, anonymous]


def anonymous_identifier(document: JsonObject) -> Identifier | None:
    """Return the browser or device that a document names; null and a blank text name none.

    Raises:
        FaultyDocumentError: when it is no text or too long.
    """
    value = _spelled_out(document.get(ANONYMOUS_ID))
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = _checked(value, ANONYMOUS_ID, f"/{ANONYMOUS_ID}")
    return Identifier(IdentifierKind.ANONYMOUS, text)


def by_priority(identifiers: Iterable[Identifier]) -> Sequence[Identifier]:
    """Return each identifier once; those of one kind stay in their order."""
    return sorted(dict.fromkeys(identifiers), key=lambda one: _ORDER.index(one.kind))


def _named(name: str, value: JsonValue, pointer: str) -> Identifier:
    if name == CIO_ID:
        return _own_id(value, pointer)
    text = _checked(value, name, pointer) if name == ID else _text(value, name, pointer)
    if name == ID:
        return Identifier(IdentifierKind.ID, text)
    kind, normalise = {
        EMAIL: (IdentifierKind.EMAIL, normalise_email),
        PHONE: (IdentifierKind.PHONE, normalise_phone),
    }[name]
    normalised = normalise(text)
    if normalised is None:
        wanted = "an e-mail address" if name == EMAIL else "a phone number in E.164 format"
        refuse(pointer, f"{name} must be {wanted}")
    return Identifier(kind, normalised)


def _own_id(value: JsonValue, pointer: str) -> Identifier:
    """Return Footfall's own id of a customer; the prefix is asked for in paths only."""
    text = _text(value, CIO_ID, pointer).removeprefix(_CIO_PREFIX)
    return Identifier(IdentifierKind.ID, _checked(text, CIO_ID, pointer))


def _checked(value: JsonValue, name: str, pointer: str) -> str:
    text = _text(value, name, pointer)
    if len(text.encode()) > MAX_ID_BYTES:
        refuse(pointer, f"{name} attribute cannot be longer than {MAX_ID_BYTES} bytes")
    return text


def _text(value: JsonValue, name: str, pointer: str) -> str:
    """Return the text without spaces around it, as ids are stored in every contract."""
    if not isinstance(value, str):
        refuse(pointer, f"{name} attribute must be a string value")
    text = value.strip()
    if not text:
        refuse(pointer, f"{name} attribute cannot be an empty string", Reason.REQUIRED)
    return text


def _spelled_out(value: JsonValue) -> JsonValue:
    """Return a whole number as its text: callers send database ids as they have them."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value
