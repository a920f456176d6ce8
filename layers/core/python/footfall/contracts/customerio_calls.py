"""The calls of Customer.io's Pipelines API, as its clients send them.

The API speaks Segment's language, so Segment's clients send the same. Unknown fields are ignored.
So are `context`, but for the device in it, and `integrations`: they tell of the client, and which
services Customer.io is to pass the call on to.
Source: Customer.io's OpenAPI description of the Pipelines API.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, NotRequired, TypeAlias, cast

from pydantic import (
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    with_config,
)
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from footfall.contracts.fields import EventProperties, Name, Text, raise_all
from footfall.contracts.profiles import stated_value
from footfall.contracts.properties import custom_field_faults, event_property_faults
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.numbers import is_number
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
    return str(value) if is_number(value) else _trimmed(value)


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


_CONFIG = ConfigDict(strict=True, extra="ignore", alias_generator=to_camel, defer_build=True)


class Call(TypedDict, total=False):
    """What every call may bring; an explicit null is as good as nothing.

    Attributes:
        timestamp: ISO 8601; whatever else stands there counts as nothing, so it is no fault.
    """

    anonymous_id: OptionalId
    message_id: OptionalId
    timestamp: object
    original_timestamp: object


class UserCall(Call, total=False):
    """What a call may bring that is about a user, if it is one already."""

    user_id: OptionalId


@with_config(_CONFIG)
class IdentifyCall(UserCall, total=False):
    """Says something about a person."""

    traits: Traits | None


@with_config(_CONFIG)
class TrackCall(UserCall):
    """Says that a person did something.

    Attributes:
        context: read for the device of the calls about devices, which stands there.
    """

    event: Name
    properties: NotRequired[EventProperties | None]
    context: NotRequired[object]


@with_config(_CONFIG)
class ViewCall(UserCall, total=False):
    """Says that a person saw a page, or a screen of an app."""

    name: OptionalText
    category: OptionalText
    properties: EventProperties | None


@with_config(_CONFIG)
class GroupCall(UserCall):
    """Says that a person belongs to a group, such as a company, and something about it."""

    group_id: RequiredId
    traits: NotRequired[EventProperties | None]


@with_config(_CONFIG)
class AliasCall(Call):
    """Says that a person has another id now."""

    user_id: RequiredId
    previous_id: RequiredId


IDENTIFY_CALL = TypeAdapter(IdentifyCall)
TRACK_CALL = TypeAdapter(TrackCall)
VIEW_CALL = TypeAdapter(ViewCall)
GROUP_CALL = TypeAdapter(GroupCall)
ALIAS_CALL = TypeAdapter(AliasCall)
