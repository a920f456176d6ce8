"""The fields that Klaviyo's documents are made of, where they differ from those of Redo's contract.

An empty text says as little as null: clients send either for what they do not know.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeAlias, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
)

from footfall.contracts.fields import (
    NOT_ISO_8601,
    CurrencyCode,
    Email,
    Latitude,
    Longitude,
    Number,
    PhoneNumber,
    Present,
    Text,
    fault,
    raise_all,
)
from footfall.contracts.klaviyo_revisions import Revision
from footfall.contracts.properties import PlacedFault, PropertyLimits, event_property_faults
from footfall.domain.limits import LATEST_TIMESTAMP_AHEAD, MAX_NAME_CHARACTERS
from footfall.domain.timestamps import parse_iso_timestamp
from footfall.domain.values import JsonObject, JsonValue

_MAX_METRIC_CHARACTERS = 127
"""Klaviyo's reference: less than 128."""


class Circumstances(Present):
    """What the fields find in the context.

    Attributes:
        revision: of the API, that the request asks for.
        share: how many faults of one event's properties, or of one profile's, are listed.
    """

    revision: Revision
    share: int


CONFIG = ConfigDict(strict=True, extra="ignore", defer_build=True)
"""Of every document: unknown fields are ignored, as later revisions add some.

Most documents are never asked for, so each is built when the first comes in. What a document is
made of are typed dictionaries, which take half the time of models; they inherit this.
"""


class Document(BaseModel):
    """A whole document."""

    model_config = CONFIG


def resource_type(name: str) -> Callable[[str], str]:
    """Return a check that a `type` is this one."""

    def check(text: str) -> str:
        if text != name:
            raise fault(f'Must be "{name}".')
        return text

    return check


def _none_if_blank(value: JsonValue) -> JsonValue:
    return None if isinstance(value, str) and not value.strip() else value


def _number_if_text(value: JsonValue) -> JsonValue:
    """Return the number that a text spells: Klaviyo takes degrees as either."""
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value.strip())
    except ArithmeticError:
        return value


def _time(value: JsonValue, info: ValidationInfo[Circumstances]) -> datetime | None:
    """Read ISO 8601, without a zone as UTC, and cut it to the second."""
    if value is None or value == "":
        return None
    instant = parse_iso_timestamp(value.strip()) if isinstance(value, str) else None
    if instant is None:
        raise fault(NOT_ISO_8601)
    instant = instant.replace(microsecond=0)
    now, earliest = info.context["now"], info.context["revision"].earliest
    if not earliest <= instant <= now + LATEST_TIMESTAMP_AHEAD:
        raise fault(f"Must lie between {earliest.date()} and one year from now.")
    return instant


def property_faults(
    value: JsonValue, info: ValidationInfo[Circumstances], limits: PropertyLimits
) -> Sequence[PlacedFault]:
    """Return what is wrong with properties, cut to their share of the list of the request."""
    return event_property_faults(value, limits)[: info.context["share"]]


def _properties(value: JsonValue, info: ValidationInfo[Circumstances]) -> JsonObject:
    raise_all(property_faults(value, info, info.context["revision"].properties))
    return cast("JsonObject", value)


_Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_NAME_CHARACTERS)
]
OptionalName: TypeAlias = Annotated[_Name | None, BeforeValidator(_none_if_blank)]
OptionalText: TypeAlias = Annotated[Text | None, BeforeValidator(_none_if_blank)]
OptionalEmail: TypeAlias = Annotated[Email | None, BeforeValidator(_none_if_blank)]
OptionalPhoneNumber: TypeAlias = Annotated[PhoneNumber | None, BeforeValidator(_none_if_blank)]
OptionalCurrency: TypeAlias = Annotated[CurrencyCode | None, BeforeValidator(_none_if_blank)]
OptionalNumber: TypeAlias = Number | None
OptionalUniqueId: TypeAlias = Annotated[
    Annotated[str, Field(max_length=MAX_NAME_CHARACTERS)] | None,
    BeforeValidator(_none_if_blank),
]
OptionalLatitude: TypeAlias = Annotated[
    Annotated[Latitude, BeforeValidator(_number_if_text)] | None, BeforeValidator(_none_if_blank)
]
OptionalLongitude: TypeAlias = Annotated[
    Annotated[Longitude, BeforeValidator(_number_if_text)] | None, BeforeValidator(_none_if_blank)
]
MetricName: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=_MAX_METRIC_CHARACTERS),
]
Time: TypeAlias = Annotated[datetime | None, PlainValidator(_time)]
Properties: TypeAlias = Annotated[Mapping[str, object], PlainValidator(_properties)]
"""Of JsonValues; pydantic need not know, as it leaves the check to us."""
EventType: TypeAlias = Annotated[str, AfterValidator(resource_type("event"))]
MetricType: TypeAlias = Annotated[str, AfterValidator(resource_type("metric"))]
ProfileType: TypeAlias = Annotated[str, AfterValidator(resource_type("profile"))]
BulkType: TypeAlias = Annotated[str, AfterValidator(resource_type("event-bulk-create"))]
JobType: TypeAlias = Annotated[str, AfterValidator(resource_type("event-bulk-create-job"))]
