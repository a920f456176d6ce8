"""What the attributes of a person say in Customer.io's contracts: who it is, and the profile.

Track calls them attributes and Pipelines traits; both are one flat list of free names, of which a
few are known. Source of the names: Customer.io's references; Segment's specification for the
spelling in camel case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footfall.contracts.profiles import custom_field, stated_value
from footfall.domain.identifiers import (
    Identifier,
    IdentifierKind,
    normalise_email,
    normalise_phone,
)
from footfall.domain.values import JsonObject, JsonValue, StatedValue

_FIRST_NAME = "firstName"
_LAST_NAME = "lastName"
_NAMES: Mapping[str, str] = {
    "first_name": _FIRST_NAME,
    "firstName": _FIRST_NAME,
    "last_name": _LAST_NAME,
    "lastName": _LAST_NAME,
}
_IDENTIFYING = {
    "email": ("email", IdentifierKind.EMAIL, normalise_email),
    "phone": ("phoneNumber", IdentifierKind.PHONE, normalise_phone),
}
_PATHS = {kind: path for path, kind, _ in _IDENTIFYING.values()}

SUPPRESSED = custom_field("suppressed")
"""True while nobody may write to the person; what is told of them goes on counting."""


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody says about a person.

    Attributes:
        identifiers: the e-mail address and the phone number, where they are some.
        profile: the fields by path; None takes a value away.
    """

    identifiers: Sequence[Identifier]
    profile: Mapping[str, StatedValue]


def person(attributes: JsonObject) -> Person:
    """Return what the attributes say.

    An e-mail address or a phone number that is none, and a name that is no text, stand in custom
    fields of the names under which they came: nothing that was said is lost.

    Args:
        attributes: without those that the calling contract keeps to itself, such as its own ids.
    """
    identifiers: list[Identifier] = []
    profile: dict[str, StatedValue] = {}
    for name, value in attributes.items():
        if name in _IDENTIFYING:
            path, kind, normalise = _IDENTIFYING[name]
            normalised = normalise(value) if isinstance(value, str) else None
            if normalised is None:
                profile |= _elsewhere(path, name, value)
            else:
                profile[path] = normalised
                identifiers.append(Identifier(kind, normalised))
        elif name in _NAMES:
            if isinstance(value, str) and value:
                profile[_NAMES[name]] = value
            else:
                profile |= _elsewhere(_NAMES[name], name, value)
        else:
            profile[custom_field(name)] = stated_value(value)
    return Person(identifiers, profile)


def named_fields(identifiers: Sequence[Identifier]) -> dict[str, StatedValue]:
    """Return the fields that the address and the number by which somebody is named stand for."""
    return {_PATHS[one.kind]: one.value for one in reversed(identifiers) if one.kind in _PATHS}


def device_field(device_id: str) -> str:
    """Return the path of the field that holds the platform of a person's device."""
    return custom_field(f"device {device_id}")


def _elsewhere(path: str, name: str, value: JsonValue) -> dict[str, StatedValue]:
    """Return a value that does not fit its field; without a value, both places are emptied."""
    stated = stated_value(value)
    return {custom_field(name): stated} | ({path: None} if stated is None else {})
