"""Redo's contract for events and customers: its requests, and what they mean to Footfall.

The models are both the validation and the source of docs/openapi.json. Field names are Redo's, in
camel case and no other; unknown fields are ignored in an event and refused within its customer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NotRequired, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SkipValidation,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    with_config,
)
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from footfall.contracts.closed import Closed, listed_part
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
    Present,
    Text,
    UniqueId,
    read_by,
)
from footfall.contracts.profiles import custom_field, size_faults
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
_KINDS = (IdentifierKind.ID, IdentifierKind.EMAIL, IdentifierKind.PHONE)
_NOT_IDENTIFIED = Fault("/customer", "Must have at least one of id, email and phoneNumber.")


class _Lenient(BaseModel):
    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        serialize_by_alias=True,
        defer_build=True,  # not as long as nothing is read by it
    )


class _Closed(_Lenient, Closed):
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


_CUSTOMER_CONFIG = ConfigDict(
    strict=True, extra="forbid", alias_generator=to_camel, defer_build=True
)


class _CustomerDetails(TypedDict, total=False):
    first_name: Text | None
    last_name: Text | None
    location: Location | None
    custom_fields: Annotated[
        CustomFields | None,
        Field(description='RFC 3339 strings are dates. 0, null and "" are not stored.'),
    ]


@with_config(
    _CUSTOMER_CONFIG
    | ConfigDict(
        json_schema_extra={"anyOf": [{"required": [field]} for field in _IDENTIFIER_FIELDS]}
    )
)
class EventCustomer(_CustomerDetails, total=False):
    """Whom an event is about. What it says enriches the profile; what it omits erases nothing."""

    id: Annotated[Name | None, Field(description="Decides first.")]
    email: Annotated[Email | None, Field(description="Decides where the id is unknown.")]
    phone_number: Annotated[PhoneNumber | None, Field(description="E.164. Decides last.")]


_FIELDS_OF_EVENT_CUSTOMER = frozenset(map(to_camel, EventCustomer.__annotations__))


@dataclass(slots=True)
class Person:
    """What an event says about its customer.

    Attributes:
        identifiers: the ways in which it names the customer, highest priority first.
        profile: what it says about the customer, by the paths of the profile.
        faults: what is wrong with the whole, where every field is right.
    """

    identifiers: Sequence[Identifier]
    profile: Mapping[str, ProfileValue]
    faults: Sequence[Fault]


class _Circumstances(Present):
    """What the fields find in the context.

    Attributes:
        acquaintances: whom the request has named already, by the text of their documents.
    """

    acquaintances: dict[str, Person]


def _read_once(
    document: JsonValue,
    read: Callable[[JsonValue], EventCustomer],
    info: ValidationInfo[_Circumstances],
) -> Person:
    """Read a customer, unless another event of the request has brought the very same."""
    acquaintances = info.context["acquaintances"]
    text = str(document)
    person = acquaintances.get(text)
    if person is None:
        listed = listed_part(document, _FIELDS_OF_EVENT_CUSTOMER)
        person = acquaintances[text] = _person(read(listed))
    return person


def _person(customer: EventCustomer) -> Person:
    named_by = customer.get("id"), customer.get("email"), customer.get("phone_number")
    identifiers = given_identifiers(zip(_KINDS, named_by, strict=True))
    profile = profile_fields(customer)
    faults = size_faults(profile, "/customer") if identifiers else [_NOT_IDENTIFIED]
    return Person(identifiers, profile, faults)


class EventRequest(_Lenient, defer_build=False):
    """One thing that a customer did."""

    event_name: Name = Field(description="New names are taken as they come.")
    customer: Annotated[Person, read_by(EventCustomer, _read_once)]
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


_EVENTS = TypeAdapter(list[EventRequest], config=ConfigDict(defer_build=True))


class EventsRequest(_Closed):
    """Up to a hundred events; each is checked by itself, after the list."""

    events: Annotated[
        list[SkipValidation[EventRequest]], Field(min_length=1, max_length=MAX_BULK_EVENTS)
    ]


@with_config(_CUSTOMER_CONFIG)
class CustomerRequest(_CustomerDetails):
    """A customer to create or to change, found by e-mail address."""

    email: Email
    phone_number: NotRequired[Annotated[PhoneNumber | None, Field(description="E.164.")]]


_CUSTOMER_REQUEST = TypeAdapter(CustomerRequest)
_FIELDS_OF_CUSTOMER_REQUEST = frozenset(map(to_camel, CustomerRequest.__annotations__))


def read_event(document: JsonValue, *, now: datetime) -> EventRequest:
    """Return the event that a document describes.

    Raises:
        FaultyDocumentError: with every fault.
    """
    try:
        request = read_document(EventRequest.model_validate, document, now=now, acquaintances={})
    except FaultyDocumentError as error:
        unidentified = [_NOT_IDENTIFIED] if _is_unidentified(document) else []
        raise FaultyDocumentError([*unidentified, *error.faults]) from None
    if request.customer.faults:
        raise FaultyDocumentError(request.customer.faults)
    return request


def read_events(
    documents: Sequence[JsonValue], *, now: datetime
) -> Sequence[EventRequest | Sequence[Fault]]:
    """Return the event that each document describes, or its faults.

    They are read in one go, which is quicker, and one by one only to tell the bad from the good.
    """
    try:
        requests = _EVENTS.validate_python(documents, context={"now": now, "acquaintances": {}})
    except ValidationError:
        return [_judged(document, now) for document in documents]
    return [request.customer.faults or request for request in requests]


def read_bulk(document: JsonValue) -> Sequence[JsonValue]:
    """Return the documents of a bulk request, each still to be read as an event.

    Raises:
        FaultyDocumentError: when the document is not `{"events": [1 to 100 elements]}`.
    """
    return cast("Sequence[JsonValue]", read_document(EventsRequest.model_validate, document).events)


def read_customer(document: JsonValue) -> CustomerRequest:
    """Return the customer that a document describes.

    Raises:
        FaultyDocumentError: with every fault.
    """
    request = read_document(
        _CUSTOMER_REQUEST.validate_python, listed_part(document, _FIELDS_OF_CUSTOMER_REQUEST)
    )
    if faults := size_faults(profile_fields(request), ""):
        raise FaultyDocumentError(faults)
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
        identifiers=request.customer.identifiers,
        profile=request.customer.profile,
        data=data,
        extra=extra,
        value=request.value,
        value_currency=request.value_currency,
        unique_id=request.unique_id or unique_id,
    )


def profile_fields(customer: EventCustomer | CustomerRequest) -> Mapping[str, ProfileValue]:
    """Return what a request says about a customer, by the paths of the profile."""
    fields: dict[str, ProfileValue] = {}
    if email := customer.get("email"):
        fields["email"] = email
    if phone_number := customer.get("phone_number"):
        fields["phoneNumber"] = phone_number
    if first_name := customer.get("first_name"):
        fields["firstName"] = first_name
    if last_name := customer.get("last_name"):
        fields["lastName"] = last_name
    if location := customer.get("location"):
        fields |= _location_fields(location)
    if custom_fields := customer.get("custom_fields"):
        for name, value in without_unset(custom_fields).items():
            if value is not None:
                fields[custom_field(name)] = value
    return fields


def _location_fields(location: Location) -> Mapping[str, ProfileValue]:
    """Return what is said of a place: a latitude of 0 is one, so only the empty text is unset."""
    return {
        f"location.{name}": value
        for name, value in location.model_dump(exclude_none=True).items()
        if value != ""
    }


def _judged(document: JsonValue, now: datetime) -> EventRequest | Sequence[Fault]:
    try:
        return read_event(document, now=now)
    except FaultyDocumentError as error:
        return error.faults


def _is_unidentified(document: JsonValue) -> bool:
    customer = document.get("customer") if isinstance(document, Mapping) else None
    return isinstance(customer, Mapping) and all(
        customer.get(field) is None for field in _IDENTIFIER_FIELDS
    )
