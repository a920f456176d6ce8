"""The fields that contracts are made of: pydantic types that check, normalise and describe.

Nothing is coerced: "5" is no number and 1 is no string. Every fault is said in a sentence of ours.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeAlias, TypedDict, TypeVar, cast

from pydantic import (
    AfterValidator,
    Field,
    GetPydanticSchema,
    PlainValidator,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import with_info_wrap_validator_function

from footfall.contracts.properties import (
    EXTRA,
    NOT_STORABLE,
    TOO_LONG,
    PlacedFault,
    custom_field_faults,
    event_property_faults,
    is_too_long,
)
from footfall.domain.currencies import CURRENCY_CODES
from footfall.domain.identifiers import normalise_email, normalise_phone
from footfall.domain.limits import (
    EARLIEST_TIMESTAMP,
    LATEST_TIMESTAMP_AHEAD,
    MAX_NAME_CHARACTERS,
    MAX_PROPERTIES,
)
from footfall.domain.numbers import is_number, is_storable
from footfall.domain.timestamps import parse_timestamp
from footfall.domain.values import JsonObject, JsonValue, ProfileValue

NOT_ISO_8601 = "Must be an ISO 8601 date and time, such as 2026-04-02T12:00:00Z."
_COUNTRY_CODE_LETTERS = 2
_MAX_LATITUDE = 90
_MAX_LONGITUDE = 180

_Part = TypeVar("_Part")
_Context = TypeVar("_Context")


class Present(TypedDict):
    """What fields that are compared with the present find in the context.

    Attributes:
        now: when the request came in.
    """

    now: datetime


def fault(detail: str) -> PydanticCustomError:
    """Return the error of a field, to be raised by what checks it, with what is asked for."""
    # pydantic reads braces in the text as places to fill in; ours holds none.
    return PydanticCustomError("fault", "{detail}", {"detail": detail})


def _event_timestamp(value: JsonValue, info: ValidationInfo[Present]) -> datetime:
    """Read an RFC 3339 timestamp between 1990 and a year after `now` in the context."""
    instant = parse_timestamp(value) if isinstance(value, str) else None
    if instant is None:
        raise fault("Must be an RFC 3339 date and time with offset, such as 2026-04-02T12:00:00Z.")
    return in_bounds(instant, info)


def in_bounds(instant: datetime, info: ValidationInfo[Present]) -> datetime:
    """Return the instant of an event; it lies between 1990 and a year after `now` in the context.

    Raises:
        PydanticCustomError: when it does not.
    """
    latest = info.context["now"] + LATEST_TIMESTAMP_AHEAD
    if not EARLIEST_TIMESTAMP <= instant <= latest:
        raise fault("Must lie between 1990-01-01 and one year from now.")
    return instant


def _email(text: str) -> str:
    address = normalise_email(text)
    if address is None:
        raise fault("Must be an e-mail address, such as jane@example.com.")
    return address


def _phone_number(text: str) -> str:
    number = normalise_phone(text)
    if number is None:
        raise fault("Must be a phone number in E.164 format, such as +14155550123.")
    return number


def _text(text: str) -> str:
    if is_too_long(text):
        raise fault(TOO_LONG)
    return text


def _currency_code(text: str) -> str:
    code = text.upper()
    if code not in CURRENCY_CODES:
        raise fault("Must be a currency code of ISO 4217, such as USD.")
    return code


def _country_code(text: str) -> str:
    """Read two letters; the empty text means "not known" like everywhere in a location."""
    if text and not (len(text) == _COUNTRY_CODE_LETTERS and text.isascii() and text.isalpha()):
        raise fault("Must be a country code of ISO 3166-1 with two letters, such as US.")
    return text.upper()


def _number(value: JsonValue) -> Decimal | int:
    if not is_number(value):
        raise fault("Must be a number.")
    if not is_storable(value):
        raise fault(NOT_STORABLE)
    return value


def _degrees(limit: int) -> Callable[[JsonValue], Decimal | int]:
    def check(value: JsonValue) -> Decimal | int:
        number = _number(value)
        if not -limit <= number <= limit:
            raise fault(f"Must be a number of degrees from -{limit} to {limit}.")
        return number

    return check


def _event_properties(value: JsonValue) -> JsonObject:
    raise_all(event_property_faults(value))
    return cast("JsonObject", value)


def _custom_fields(value: JsonValue) -> Mapping[str, ProfileValue | None]:
    raise_all(custom_field_faults(value))
    return cast("Mapping[str, ProfileValue | None]", value)


def read_by(
    part: type[_Part],
    read: Callable[[JsonValue, Callable[[JsonValue], _Part], ValidationInfo[_Context]], object],
) -> GetPydanticSchema:
    """Return the annotation of a field that a function reads, with the help of a schema.

    That is a part of the document's schema then, which is quicker than to begin with it anew.

    Args:
        part: the model, or the typed dictionary.
        read: takes what stands in the field, and reads it as the part by its second argument.
    """
    return GetPydanticSchema(
        lambda _, handler: with_info_wrap_validator_function(read, handler(part))
    )


def raise_all(faults: Sequence[PlacedFault]) -> None:
    """Raise every fault at once; pydantic puts their places after that of the field."""
    if faults:
        raise ValidationError.from_exception_data(
            "properties",
            [
                InitErrorDetails(type=fault(detail), loc=steps, input=None)
                for steps, detail in faults
            ],
        )


Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME_CHARACTERS)
]
UniqueId: TypeAlias = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]
Text: TypeAlias = Annotated[str, AfterValidator(_text)]
Email: TypeAlias = Annotated[
    str, AfterValidator(_email), Field(json_schema_extra={"format": "email"})
]
PhoneNumber: TypeAlias = Annotated[str, AfterValidator(_phone_number)]
CountryCode: TypeAlias = Annotated[str, AfterValidator(_country_code)]
CurrencyCode: TypeAlias = Annotated[str, AfterValidator(_currency_code)]
Number: TypeAlias = Annotated[
    Decimal | int, PlainValidator(_number), WithJsonSchema({"type": "number"})
]
Latitude: TypeAlias = Annotated[
    Decimal | int,
    PlainValidator(_degrees(_MAX_LATITUDE)),
    WithJsonSchema({"type": "number", "minimum": -_MAX_LATITUDE, "maximum": _MAX_LATITUDE}),
]
Longitude: TypeAlias = Annotated[
    Decimal | int,
    PlainValidator(_degrees(_MAX_LONGITUDE)),
    WithJsonSchema({"type": "number", "minimum": -_MAX_LONGITUDE, "maximum": _MAX_LONGITUDE}),
]
EventTimestamp: TypeAlias = Annotated[
    datetime,
    PlainValidator(_event_timestamp),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
_NAMES_SCHEMA: JsonObject = {"minLength": 1, "maxLength": MAX_NAME_CHARACTERS}
EventProperties: TypeAlias = Annotated[
    Mapping[str, object],  # of JsonValues; pydantic need not know, as it leaves the check to us
    PlainValidator(_event_properties),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MAX_PROPERTIES,
            "propertyNames": _NAMES_SCHEMA,
            "properties": {EXTRA: {"description": "Stored as it came, never segmented by."}},
            "additionalProperties": True,
        }
    ),
]
CustomFields: TypeAlias = Annotated[
    Mapping[str, ProfileValue | None],
    PlainValidator(_custom_fields),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MAX_PROPERTIES,
            "propertyNames": _NAMES_SCHEMA,
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        }
    ),
]
