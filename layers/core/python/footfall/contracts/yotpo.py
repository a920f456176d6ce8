"""Yotpo's contract for the custom customer event, and what it means to Footfall.

Source: Yotpo's reference, "Create or update custom customer event". It describes the fields without
their names, so each field here answers to every name that Yotpo may mean. None of it was ever
compared with Yotpo's own API.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, TypeAlias

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from footfall.contracts.amounts import amount_in
from footfall.contracts.fields import (
    NOT_ISO_8601,
    Email,
    Name,
    PhoneNumber,
    Present,
    UniqueId,
    fault,
    in_bounds,
    raise_all,
)
from footfall.contracts.profiles import size_faults, stated_fields
from footfall.contracts.properties import PlacedFault, custom_field_faults, stored_properties
from footfall.contracts.reading import read_document
from footfall.domain.events import Event, UniqueRule
from footfall.domain.faults import Fault, FaultyDocumentError, json_pointer
from footfall.domain.identifiers import Identifier, IdentifierKind, given_identifiers
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.timestamps import parse_iso_timestamp
from footfall.domain.values import JsonObject, JsonValue, ProfileValue, StatedValue

SOURCE = "yotpo"
SCOPE = "yotpo"

_WRAPPER = "event"
_EMAIL = "email"
_PHONE = ("phone_number", "phone")
_EXTERNAL_ID = "external_id"
_SNAKE_CASE = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
_PROPERTY_NAME = re.compile(r"(?!\$)\S*")
_NOT_IDENTIFIED = "Must have an external_id, or else a phone_number or an email."
_AMBIGUOUS = "Without an external_id, must have only one of phone_number and email."


def _snake_case(text: str) -> str:
    if _SNAKE_CASE.fullmatch(text) is None:
        raise fault("Must be letters, digits and underscores, such as order_shipped.")
    return text


def _timestamp(value: JsonValue, info: ValidationInfo[Present]) -> datetime | None:
    if value is None:
        return None
    instant = parse_iso_timestamp(value) if isinstance(value, str) else None
    if instant is None:
        raise fault(NOT_ISO_8601)
    return in_bounds(instant, info)


def _properties(value: JsonValue) -> Mapping[str, ProfileValue]:
    faults: list[PlacedFault] = [*custom_field_faults(value)]
    properties: dict[str, ProfileValue] = {}
    for name, one in value.items() if isinstance(value, Mapping) else ():
        if _PROPERTY_NAME.fullmatch(name) is None:
            faults.append(((name,), "Must have a name without spaces that begins with no $."))
        if one is None:
            faults.append(((name,), "Must not be null: leave the property out."))
        elif isinstance(one, ProfileValue):
            properties[name] = one
    raise_all(faults)
    return properties


SnakeCase: TypeAlias = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_NAME_CHARACTERS),
    AfterValidator(_snake_case),
]
Timestamp: TypeAlias = Annotated[datetime | None, PlainValidator(_timestamp)]
Properties: TypeAlias = Annotated[Mapping[str, ProfileValue], PlainValidator(_properties)]


class _Lenient(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, document: JsonValue) -> JsonValue:
        """Null says as little as nothing: the field is read under its next name."""
        if not isinstance(document, Mapping):
            return document
        return {name: value for name, value in document.items() if value is not None}


class CustomEventCustomer(_Lenient):
    """Whom an event is about, and what it says of that customer."""

    external_id: Name | None = None
    phone_number: PhoneNumber | None = Field(None, validation_alias=AliasChoices(*_PHONE))
    email: Email | None = None
    properties: Properties | None = Field(
        None, validation_alias=AliasChoices("custom_properties", "properties")
    )


class CustomEvent(_Lenient):
    """One thing that a customer did."""

    id: UniqueId = Field(
        validation_alias=AliasChoices("id", "event_id", "external_id", "unique_id")
    )
    type: SnakeCase = Field(validation_alias=AliasChoices("type", "event_type", "event_name"))
    customer: CustomEventCustomer
    occurred_at: Timestamp = Field(
        None, validation_alias=AliasChoices("occurred_at", "timestamp", "event_time")
    )
    source: SnakeCase | None = None
    properties: Properties | None = Field(
        None, validation_alias=AliasChoices("properties", "event_properties", "custom_properties")
    )


def read_custom_event(document: JsonValue, *, now: datetime) -> CustomEvent:
    """Return the event that a document describes, by itself or as its `event`.

    Raises:
        FaultyDocumentError: with every fault.
    """
    place = ""
    if isinstance(document, Mapping) and isinstance(inner := document.get(_WRAPPER), Mapping):
        document, place = inner, json_pointer(_WRAPPER)
    faults = _identification_faults(document)
    try:
        event = read_document(CustomEvent.model_validate, document, now=now)
    except FaultyDocumentError as error:
        faults += error.faults
    else:
        faults += size_faults(_profile(event.customer), "/customer")
        if not faults:
            return event
    raise FaultyDocumentError([replace(one, pointer=place + one.pointer) for one in faults])


def to_event(event: CustomEvent, *, store_id: str, event_id: str, now: datetime) -> Event:
    """Return the event that a custom event means: it replaces the one before of the same id.

    Args:
        event: what was sent.
        store_id: the store of the caller's key.
        event_id: a new event id.
        now: when the request came in.
    """
    properties: JsonObject = event.properties or {}
    data, _ = stored_properties(properties)
    value, currency = amount_in(properties)
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=event.type,
        event_timestamp=event.occurred_at or now,
        received_at=now,
        source=SOURCE,
        identifiers=_identifiers(event.customer),
        profile=_profile(event.customer),
        data=data,
        extra=None if event.source is None else {"source": event.source},
        value=value,
        value_currency=currency,
        unique_id=event.id,
        unique_scope=SCOPE,
        unique_rule=UniqueRule.LAST,
    )


def _identifiers(customer: CustomEventCustomer) -> Sequence[Identifier]:
    return given_identifiers(
        (
            (IdentifierKind.ID, customer.external_id),
            (IdentifierKind.EMAIL, customer.email),
            (IdentifierKind.PHONE, customer.phone_number),
        )
    )


def _profile(customer: CustomEventCustomer) -> Mapping[str, StatedValue]:
    named = {"email": customer.email, "phoneNumber": customer.phone_number}
    return {
        **{path: value for path, value in named.items() if value is not None},
        **stated_fields(customer.properties or {}),
    }


def _identification_faults(document: JsonValue) -> list[Fault]:
    """Return what is wrong with the choice of identifiers.

    Source: Yotpo takes an external id, or without one exactly one of phone number and e-mail.
    """
    customer = document.get("customer") if isinstance(document, Mapping) else None
    if not isinstance(customer, Mapping) or customer.get(_EXTERNAL_ID) is not None:
        return []
    has_phone = any(customer.get(name) is not None for name in _PHONE)
    has_email = customer.get(_EMAIL) is not None
    if has_phone == has_email:
        return [Fault("/customer", _AMBIGUOUS if has_phone else _NOT_IDENTIFIED)]
    return []
