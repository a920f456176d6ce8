"""The calls of Customer.io's Pipelines API, as its clients send them.

The API speaks Segment's language, so Segment's clients send the same. Unknown fields are ignored.
So are `context`, but for the device in it, and `integrations`: they tell of the client, and which
services Customer.io is to pass the call on to.
Source: Customer.io's OpenAPI description of the Pipelines API.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeAlias, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, StringConstraints
from pydantic.alias_generators import to_camel

from footfall.contracts.fields import EventProperties, Name, Text, raise_all
from footfall.contracts.profiles import stated_value
from footfall.contracts.properties import custom_field_faults, event_property_faults
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonObject, JsonValue


class CallType(StrEnum):
    """The calls, by the `type` that each has in a batch."""

    IDENTIFY = "identify"
    TRACK = "track"
    PAGE = "page"
    SCREEN = "screen"
    GROUP = "group"
    ALIAS = "alias"


def _spelled_out(value: object) -> object:
    """Return a number as its text, and a blank text as none: SDKs send either as an id."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return _trimmed(value)


def _trimmed(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _traits(value: JsonValue) -> JsonObject:
    """Check the traits of a person as they come, and as they are stored: nested ones as text."""
    raise_all(event_property_faults(value))
    traits = cast("JsonObject", value)
    raise_all(custom_field_faults({name: stated_value(one) for name, one in traits.items()}))
    return traits


_Id: TypeAlias = Annotated[str, StringConstraints(max_length=MAX_NAME_CHARACTERS)]
RequiredId: TypeAlias = Annotated[_Id, BeforeValidator(_spelled_out)]
OptionalId: TypeAlias = Annotated[_Id | None, BeforeValidator(_spelled_out)]
OptionalText: TypeAlias = Annotated[Text | None, BeforeValidator(_trimmed)]
Traits: TypeAlias = Annotated[Mapping[str, object], PlainValidator(_traits)]


class Call(BaseModel):
    """What every call may bring; an explicit null is as good as nothing.

    Attributes:
        timestamp: ISO 8601; whatever else stands there counts as nothing, so it is no fault.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", alias_generator=to_camel)

    user_id: OptionalId = None
    anonymous_id: OptionalId = None
    message_id: OptionalId = None
    timestamp: object = None
    original_timestamp: object = None


class IdentifyCall(Call):
    """Says something about a person."""

    traits: Traits | None = None


class TrackCall(Call):
    """Says that a person did something."""

    event: Name
    properties: EventProperties | None = None
    context: object = None
    """Read for the device of the calls about devices, which stands there."""


class ViewCall(Call):
    """Says that a person saw a page, or a screen of an app."""

    name: OptionalText = None
    category: OptionalText = None
    properties: EventProperties | None = None


class GroupCall(Call):
    """Says that a person belongs to a group, such as a company, and something about it."""

    group_id: RequiredId
    traits: EventProperties | None = None


class AliasCall(Call):
    """Says that a person has another id now."""

    user_id: RequiredId
    previous_id: RequiredId


CALLS: Mapping[CallType, type[Call]] = {
    CallType.IDENTIFY: IdentifyCall,
    CallType.TRACK: TrackCall,
    CallType.PAGE: ViewCall,
    CallType.SCREEN: ViewCall,
    CallType.GROUP: GroupCall,
    CallType.ALIAS: AliasCall,
}
