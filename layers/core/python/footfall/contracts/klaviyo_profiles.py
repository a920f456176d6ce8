"""Whom Klaviyo's documents are about: nested profiles, and the flat ones of old revisions.

A flat profile names Klaviyo's own fields with a `$`; every other field is a property of the sender.
Source: Klaviyo's OpenAPI description; flat up to revision 2023-06-15, nested since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NotRequired, TypeAlias, cast

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter, ValidationInfo, with_config
from typing_extensions import TypedDict

from footfall.contracts.fields import fault, raise_all, read_by
from footfall.contracts.klaviyo_fields import (
    CONFIG,
    Circumstances,
    OptionalEmail,
    OptionalLatitude,
    OptionalLongitude,
    OptionalName,
    OptionalPhoneNumber,
    OptionalText,
    ProfileType,
    property_faults,
)
from footfall.contracts.klaviyo_patches import UnsetNames, read_meta
from footfall.contracts.profiles import custom_field, size_faults, stated_fields
from footfall.contracts.properties import NOT_AN_OBJECT, Steps
from footfall.domain.identifiers import Identifier, IdentifierKind, given_identifiers
from footfall.domain.values import JsonObject, JsonValue, StatedValue

PATHS: Mapping[str, str] = {
    "email": "email",
    "phone_number": "phoneNumber",
    "first_name": "firstName",
    "last_name": "lastName",
    "organization": custom_field("organization"),
    "title": custom_field("title"),
    "locale": custom_field("locale"),
    "image": custom_field("image"),
    "address1": "location.street1",
    "address2": "location.street2",
    "city": "location.city",
    "region": "location.state",
    "zip": "location.postalCode",
    "country": "location.country",
    "timezone": "location.ianaTimeZoneName",
    "latitude": "location.latitude",
    "longitude": "location.longitude",
    "ip": custom_field("ip"),
}
"""Klaviyo's fields of a profile and of its location, and where Footfall keeps them."""

_KINDS = (
    IdentifierKind.ID,
    IdentifierKind.ID,
    IdentifierKind.EMAIL,
    IdentifierKind.PHONE,
    IdentifierKind.ANONYMOUS,
)
"""Of the identifiers of a profile, highest priority first."""

_IDENTIFYING = frozenset({PATHS["email"], PATHS["phone_number"]})
_ONLY_KX = (
    "Must have an identifier besides _kx, which only Klaviyo can read: "
    "id, email, phone_number, external_id or anonymous_id."
)
_UNIDENTIFIED = (
    "Must have at least one of id, email, phone_number, external_id and anonymous_id "
    "(in a flat profile: $id, $email, $phone_number)."
)


@dataclass(slots=True)  # a frozen one takes longer in the making
class Person:
    """Whom a document is about, and what it says of that person.

    Attributes:
        identifiers: highest priority first.
        fields: by path of the profile; None takes a value away.
    """

    identifiers: Sequence[Identifier]
    fields: Mapping[str, StatedValue]


def _custom(value: JsonValue, info: ValidationInfo[Circumstances]) -> JsonObject:
    raise_all(property_faults(value, info, info.context["revision"].custom_properties))
    return cast("JsonObject", value)


def _custom_or_none(value: JsonValue, info: ValidationInfo[Circumstances]) -> JsonObject:
    return {} if value is None else _custom(value, info)


class _Place(TypedDict, total=False):
    address1: OptionalText
    address2: OptionalText
    city: OptionalText
    region: OptionalText
    zip: OptionalText
    country: OptionalText
    timezone: OptionalText
    latitude: OptionalLatitude
    longitude: OptionalLongitude
    ip: OptionalText


class _Named(TypedDict, total=False):
    email: OptionalEmail
    phone_number: OptionalPhoneNumber
    external_id: OptionalName
    anonymous_id: OptionalName
    first_name: OptionalText
    last_name: OptionalText
    organization: OptionalText
    title: OptionalText
    locale: OptionalText
    image: OptionalText


class _Attributes(_Named, total=False):
    kx: Annotated[object, Field(alias="_kx")]
    location: _Place | None
    properties: Annotated[Mapping[str, object], PlainValidator(_custom_or_none)]
    meta: Annotated[UnsetNames, PlainValidator(read_meta)]


class _Resource(TypedDict):
    type: ProfileType
    id: NotRequired[OptionalName]
    attributes: _Attributes
    meta: NotRequired[Annotated[UnsetNames, PlainValidator(read_meta)]]


class _Nested(TypedDict):
    data: _Resource


_OWN_NAMES = {"external_id": "$id", "anonymous_id": "$anonymous", "kx": "$exchange_id"}


def _with_dollar(name: str) -> str:
    return _OWN_NAMES.get(name, f"${name}")


@with_config(CONFIG | ConfigDict(alias_generator=_with_dollar))
class _Flat(_Named, _Place, total=False):
    kx: object


_FLAT = TypeAdapter(_Flat)
_FLAT_NAMES = frozenset(map(_with_dollar, _Flat.__annotations__))


def _read_person(
    value: JsonValue,
    read_nested: Callable[[JsonValue], _Nested],
    info: ValidationInfo[Circumstances],
) -> Person:
    """Read the `profile` of an event, nested or flat.

    A profile with a field of Klaviyo's own is flat: a `data` in it is a property of the sender.
    """
    if not isinstance(value, dict):
        raise fault(NOT_AN_OBJECT)
    if "data" in value and _FLAT_NAMES.isdisjoint(value):
        return _from_resource(read_nested(value)["data"], clears=False)
    named = {name: one for name, one in value.items() if name in _FLAT_NAMES}
    custom = {name: one for name, one in value.items() if name not in _FLAT_NAMES}
    profile = _FLAT.validate_python(named, context=info.context)
    _custom(custom, info)
    return _person(profile, _fields(_stated(profile), custom, clears=False), place=())


def _read_update(
    value: JsonValue, read: Callable[[JsonValue], _Nested], _: ValidationInfo[Circumstances]
) -> Person:
    return _from_resource(read(value)["data"], clears=True)


PersonOfEvent: TypeAlias = Annotated[Person, read_by(_Nested, _read_person)]
"""Of a profile that is nested or flat; null and "" say nothing."""

PersonToUpdate: TypeAlias = Annotated[Person, read_by(_Nested, _read_update)]
"""Of a nested profile, `{"data": {"type": "profile", ...}}`; null and "" take a value away."""


def _from_resource(resource: _Resource, *, clears: bool) -> Person:
    attributes = resource["attributes"]
    stated = _stated(attributes) | _stated(attributes.get("location") or {})
    custom = cast("JsonObject", attributes.get("properties", {}))
    fields = _fields(stated, custom, clears=clears)
    if unset := (*attributes.get("meta", ()), *resource.get("meta", ())):
        fields = dict.fromkeys(map(custom_field, unset)) | fields
    return _person(attributes, fields, own_id=resource.get("id"), place=("data", "attributes"))


def _stated(part: _Named | _Place) -> dict[str, StatedValue]:
    """Return what a part of a profile says, by path; nothing of what it leaves out."""
    said = cast("Mapping[str, StatedValue]", part)
    return {PATHS[name]: value for name, value in said.items() if name in PATHS}


def _fields(
    stated: dict[str, StatedValue], custom: JsonObject, *, clears: bool
) -> dict[str, StatedValue]:
    said = stated_fields(custom) | stated
    return {
        path: value
        for path, value in said.items()
        if value is not None or (clears and path not in _IDENTIFYING)
    }


def _person(
    named: _Attributes | _Flat,
    fields: Mapping[str, StatedValue],
    *,
    own_id: str | None = None,
    place: Steps,
) -> Person:
    named_by = (
        own_id,
        named.get("external_id"),
        named.get("email"),
        named.get("phone_number"),
        named.get("anonymous_id"),
    )
    identifiers = given_identifiers(zip(_KINDS, named_by, strict=True))
    if not identifiers:
        raise_all([(place, _UNIDENTIFIED if named.get("kx") is None else _ONLY_KX)])
    raise_all([(place, one.detail) for one in size_faults(fields, "")])
    return Person(identifiers, fields)
