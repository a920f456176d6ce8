"""Redo's contract for events and customers: its requests, and what they mean to Footfall.

The models are both the validation and the source of docs/openapi.json. Field names are Redo's, in
camel case and no other; unknown fields are ignored in an event and refused within its customer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field, SkipValidation
from pydantic.alias_generators import to_camel

from footfall.contracts.fields import (
    CountryCode,
    CurrencyCode,
    CustomFields,
    Email,
    EventProperties,
    EventTimestamp,
    Latitude,
    Longitude,
    Name,
    Number,
    PhoneNumber,
    Text,
    UniqueId,
)
from footfall.contracts.profiles import size_faults
from footfall.contracts.properties import stored_properties
from footfall.contracts.reading import read_document
from footfall.domain.events import Event
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.identifiers import Identifier, IdentifierKind, given_identifiers
from footfall.domain.limits import MAX_BULK_EVENTS
from footfall.domain.properties import without_unset
from footfall.domain.values import JsonObject, JsonValue, ProfileValue

SOURCE = "redo"

_IDENTIFIER_FIELDS = ("id", "email", "phoneNumber")
_NOT_IDENTIFIED = Fault("/customer", "Must have at least one of id, email and phoneNumber.")


class _Lenient(BaseModel):
    model_config = ConfigDict(
        strict=True, frozen=True, extra="ignore", alias_generator=to_camel, serialize_by_alias=True
    )


class _Closed(_Lenient):
    model_config = ConfigDict(extra="forbid")


class Location(_Closed):
    """Where a customer lives."""

    street1: Text | None = None
    street2: Text | None = None
    city: Text | None = None
    state: Text | None = None
    state_code: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None
    country_code: CountryCode | None = Field(None, description="ISO 3166-1 alpha-2.")
    iana_time_zone_name: Text | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class _CustomerDetails(_Closed):
    first_name: Text | None = None
    last_name: Text | None = None
    location: Location | None = None
    custom_fields: CustomFields | None = Field(
        None, description='RFC 3339 strings are dates. 0, null and "" are not stored.'
    )


class EventCustomer(_CustomerDetails):
    """Whom an event is about. What it says enriches the profile; what it omits erases nothing."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [field]} for field in _IDENTIFIER_FIELDS]}
    )

    id: Name | None = Field(None, description="Decides first.")
    email: Email | None = Field(None, description="Decides where the id is unknown.")
    phone_number: PhoneNumber | None = Field(None, description="E.164. Decides last.")


class EventRequest(_Lenient):
    """One thing that a customer did."""

    event_name: Name = Field(description="New names are taken as they come.")
    customer: EventCustomer
    data: EventProperties | None = Field(
        None, description='RFC 3339 strings are dates. 0, null and "" at top level are not stored.'
    )
    event_timestamp: EventTimestamp | None = Field(
        None, description="From 1990 to one year ahead; the moment of acceptance if omitted."
    )
    value: Number | None = None
    value_currency: CurrencyCode | None = Field(None, description="ISO 4217.")
    unique_id: UniqueId | None = Field(
        None, description="Of the events with one uniqueId, a store keeps the first, for ever."
    )


class EventsRequest(_Closed):
    """Up to a hundred events; each is checked by itself, after the list."""

    events: Annotated[
        list[SkipValidation[EventRequest]], Field(min_length=1, max_length=MAX_BULK_EVENTS)
    ]


class CustomerRequest(_CustomerDetails):
    """A customer to create or to change, found by e-mail address."""

    email: Email
    phone_number: PhoneNumber | None = Field(None, description="E.164.")


def read_event(document: JsonValue, *, now: datetime) -> EventRequest:
    """Return the event that a document describes.

    Raises:
        FaultyDocumentError: with every fault.
    """
    unidentified = [_NOT_IDENTIFIED] if _is_unidentified(document) else []
    try:
        request = read_document(EventRequest, document, now=now)
    except FaultyDocumentError as error:
        raise FaultyDocumentError([*unidentified, *error.faults]) from None
    if unidentified:
        raise FaultyDocumentError(unidentified)
    _check_size(request.customer, "/customer")
    return request


def read_bulk(document: JsonValue) -> Sequence[JsonValue]:
    """Return the documents of a bulk request, each still to be read as an event.

    Raises:
        FaultyDocumentError: when the document is not `{"events": [1 to 100 elements]}`.
    """
    return cast("Sequence[JsonValue]", read_document(EventsRequest, document).events)


def read_customer(document: JsonValue) -> CustomerRequest:
    """Return the customer that a document describes.

    Raises:
        FaultyDocumentError: with every fault.
    """
    request = read_document(CustomerRequest, document)
    _check_size(request, "")
    return request


def to_event(
    request: EventRequest, *, store_id: str, event_id: str, now: datetime, unique_id: str | None
) -> Event:
    """Return the event that a request means.

    Args:
        request: the validated request.
        store_id: the store of the caller's key.
        event_id: a new event id.
        now: when the request came in.
        unique_id: stands in where the request brings no uniqueId.
    """
    data, extra = stored_properties(cast("JsonObject", request.data or {}))
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=request.event_name,
        event_timestamp=request.event_timestamp or now,
        received_at=now,
        source=SOURCE,
        identifiers=_identifiers(request.customer),
        profile=profile_fields(request.customer),
        data=data,
        extra=extra,
        value=request.value,
        value_currency=request.value_currency,
        unique_id=request.unique_id or unique_id,
    )


def profile_fields(customer: EventCustomer | CustomerRequest) -> Mapping[str, ProfileValue]:
    """Return what a request says about a customer, by the paths of the profile."""
    named: JsonObject = {
        "email": customer.email,
        "phoneNumber": customer.phone_number,
        "firstName": customer.first_name,
        "lastName": customer.last_name,
    }
    location = customer.location.model_dump(exclude_none=True) if customer.location else {}
    return {
        **cast("Mapping[str, ProfileValue]", without_unset(named)),
        # A latitude of 0 is a place, so only the empty text is unset here.
        **{f"location.{name}": value for name, value in location.items() if value != ""},
        **{
            f"customFields.{name}": value
            for name, value in without_unset(customer.custom_fields or {}).items()
            if value is not None
        },
    }


def _identifiers(customer: EventCustomer) -> Sequence[Identifier]:
    return given_identifiers(
        (
            (IdentifierKind.ID, customer.id),
            (IdentifierKind.EMAIL, customer.email),
            (IdentifierKind.PHONE, customer.phone_number),
        )
    )


def _check_size(customer: EventCustomer | CustomerRequest, pointer: str) -> None:
    if faults := size_faults(profile_fields(customer), pointer):
        raise FaultyDocumentError(faults)


def _is_unidentified(document: JsonValue) -> bool:
    customer = document.get("customer") if isinstance(document, Mapping) else None
    return isinstance(customer, Mapping) and all(
        customer.get(field) is None for field in _IDENTIFIER_FIELDS
    )
