"""Whom Klaviyo's documents are about: nested profiles, and the flat ones of old revisions.

A flat profile names Klaviyo's own fields with a `$`; every other field is a property of the sender.
Source: Klaviyo's OpenAPI description; flat up to revision 2023-06-15, nested since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias, cast

from pydantic import AliasGenerator, ConfigDict, Field, PlainValidator, ValidationInfo

from footfall.contracts.fields import fault, raise_all, read_by
from footfall.contracts.klaviyo_fields import (
    Circumstances,
    Model,
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

_IDENTIFYING = frozenset({PATHS["email"], PATHS["phone_number"]})
_ONLY_KX = (
    "Must have an identifier besides _kx, which only Klaviyo can read: "
    "id, email, phone_number, external_id or anonymous_id."
)
_UNIDENTIFIED = (
    "Must have at least one of id, email, phone_number, external_id and anonymous_id "
    "(in a flat profile: $id, $email, $phone_number)."
)


@dataclass(frozen=True, slots=True)
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


class _Place(Model):
    address1: OptionalText = None
    address2: OptionalText = None
    city: OptionalText = None
    region: OptionalText = None
    zip: OptionalText = None
    country: OptionalText = None
    timezone: OptionalText = None
    latitude: OptionalLatitude = None
    longitude: OptionalLongitude = None
    ip: OptionalText = None


class _Named(Model):
    email: OptionalEmail = None
    phone_number: OptionalPhoneNumber = None
    external_id: OptionalName = None
    anonymous_id: OptionalName = None
    first_name: OptionalText = None
    last_name: OptionalText = None
    organization: OptionalText = None
    title: OptionalText = None
    locale: OptionalText = None
    image: OptionalText = None


class _Attributes(_Named):
    kx: object = Field(None, alias="_kx")
    location: _Place | None = None
    properties: Annotated[Mapping[str, object], PlainValidator(_custom_or_none)] = Field(
        default_factory=dict
    )
    meta: Annotated[UnsetNames, PlainValidator(read_meta)] = ()


class _Resource(Model):
    type: ProfileType
    id: OptionalName = None
    attributes: _Attributes
    meta: Annotated[UnsetNames, PlainValidator(read_meta)] = ()


class _Nested(Model):
    data: _Resource


def _with_dollar(name: str) -> str:
    return {"external_id": "$id", "anonymous_id": "$anonymous"}.get(name, f"${name}")


class _Flat(_Place, _Named):
    model_config = ConfigDict(alias_generator=AliasGenerator(validation_alias=_with_dollar))

    kx: object = Field(None, alias="$exchange_id")


_FLAT_NAMES = frozenset(
    _with_dollar(name) for name in (*_Place.model_fields, *_Named.model_fields)
) | {"$exchange_id"}


def _read_person(
    value: JsonValue,
    read_nested: Callable[[JsonValue], _Nested],
    info: ValidationInfo[Circumstances],
) -> Person:
    """Read the `profile` of an event, nested or flat.

    A profile with a field of Klaviyo's own is flat: a `data` in it is a property of the sender.
    """
    if not isinstance(value, Mapping):
        raise fault(NOT_AN_OBJECT)
    if "data" in value and _FLAT_NAMES.isdisjoint(value):
        return _from_resource(read_nested(value).data, clears=False)
    named = {name: one for name, one in value.items() if name in _FLAT_NAMES}
    custom = {name: one for name, one in value.items() if name not in _FLAT_NAMES}
    profile = _Flat.model_validate(named, context=info.context)
    _custom(custom, info)
    fields = _fields(_stated(profile), custom, clears=False)
    return _person(profile, None, fields, has_kx=profile.kx is not None, place=())


def _read_update(
    value: JsonValue, read: Callable[[JsonValue], _Nested], _: ValidationInfo[Circumstances]
) -> Person:
    return _from_resource(read(value).data, clears=True)


PersonOfEvent: TypeAlias = Annotated[Person, read_by(_Nested, _read_person)]
"""Of a profile that is nested or flat; null and "" say nothing."""

PersonToUpdate: TypeAlias = Annotated[Person, read_by(_Nested, _read_update)]
"""Of a nested profile, `{"data": {"type": "profile", ...}}`; null and "" take a value away."""


def _from_resource(resource: _Resource, *, clears: bool) -> Person:
    attributes = resource.attributes
    named = _stated(attributes)
    if attributes.location:
        named |= _stated(attributes.location)
    fields = _fields(named, cast("JsonObject", attributes.properties), clears=clears)
    unset = dict.fromkeys(map(custom_field, (*attributes.meta, *resource.meta)))
    has_kx = attributes.kx is not None
    return _person(
        attributes, resource.id, unset | fields, has_kx=has_kx, place=("data", "attributes")
    )


def _stated(part: _Named | _Place) -> dict[str, StatedValue]:
    """Return what a part of a profile says, by Klaviyo's names; of what it leaves out, nothing."""
    stated = part.model_fields_set
    return {name: getattr(part, name) for name in PATHS if name in stated}


def _fields(
    named: Mapping[str, StatedValue], custom: JsonObject, *, clears: bool
) -> dict[str, StatedValue]:
    said = stated_fields(custom)
    for name, value in named.items():
        said[PATHS[name]] = value
    return {
        path: value
        for path, value in said.items()
        if value is not None or (clears and path not in _IDENTIFYING)
    }


def _person(
    named: _Named,
    own_id: str | None,
    fields: Mapping[str, StatedValue],
    *,
    has_kx: bool,
    place: Steps,
) -> Person:
    identifiers = given_identifiers(
        (
            (IdentifierKind.ID, own_id),
            (IdentifierKind.ID, named.external_id),
            (IdentifierKind.EMAIL, named.email),
            (IdentifierKind.PHONE, named.phone_number),
            (IdentifierKind.ANONYMOUS, named.anonymous_id),
        )
    )
    if not identifiers:
        raise_all([(place, _ONLY_KX if has_kx else _UNIDENTIFIED)])
    raise_all([(place, one.detail) for one in size_faults(fields, "")])
    return Person(identifiers, fields)
