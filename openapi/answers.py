"""What the API answers, as models: the successes of every route, and the problem they share."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation
from pydantic.alias_generators import to_camel

from footfall.contracts.fields import CustomFields, EventProperties, Number
from footfall.contracts.redo import Location
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.properties import PropertyType
from footfall.segments.definitions import Node


class _Answer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class Fault(_Answer):
    """One thing to change in the request body."""

    pointer: str = Field(description="The place, as a JSON pointer (RFC 6901).")
    detail: str = Field(description="What is asked for there.")


class Problem(_Answer):
    """Why a request was refused (RFC 7807)."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path of the request.")
    errors: list[Fault] = Field(
        default_factory=list, description="The faults of the request body, with 400 only."
    )


class GatewayError(_Answer):
    """The problem once more, with what the clients of the other families look for."""

    id: str = Field(description="Of the request.")
    code: str
    title: str
    status: int
    detail: str
    message: str
    reason: str
    field: Literal[""]
    source: dict[str, str]
    links: dict[str, str]
    meta: dict[str, str]


class GatewayProblem(_Answer):
    """Why a request got no further than the gateway, which has one answer for all families."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path of the request.")
    code: str
    message: str = Field(description="The detail.")
    meta: dict[str, str]
    errors: list[GatewayError] = Field(min_length=1, max_length=1)


class EventFate(_Answer):
    """What became of one event of a request."""

    index: int = Field(description="Its place in the request, from 0.")
    event_id: str | None = Field(description="Of a queued event.")
    status: Literal["queued", "rejected"]
    errors: list[Fault]


class EventFates(_Answer):
    """What became of the events of a request."""

    total: int
    accepted: int
    rejected: int
    events: list[EventFate]


class Customer(_Answer):
    """A customer's profile; fields that were never set are left out."""

    id: str
    email: str | None = None
    phone_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    location: Location | None = None
    custom_fields: CustomFields | None = None
    created_at: datetime
    updated_at: datetime


class CustomerPut(_Answer):
    """Whose profile was changed."""

    id: str
    email: str
    created: bool


class StoredEvent(_Answer):
    """An event on a customer's timeline; fields that were not sent are left out."""

    event_id: str
    event_name: str
    event_timestamp: datetime
    received_at: datetime
    source: str = Field(description="The API family it came through.")
    data: EventProperties | None = None
    data_omitted: Literal[True] | None = Field(
        None, description="The data alone are more than an answer can hold (6 MB)."
    )
    value: Number | None = None
    value_currency: str | None = None
    unique_id: str | None = None


class Events(_Answer):
    """A page of a timeline, newest first."""

    events: list[StoredEvent]


class EventProperty(_Answer):
    """A top-level property that events of one name were seen with."""

    name: str
    types: list[PropertyType]


class EventName(_Answer):
    """One entry of the catalogue."""

    name: str
    count: int
    first_seen: datetime
    last_seen: datetime
    properties: list[EventProperty]


class EventNames(_Answer):
    """A page of the catalogue, by name."""

    event_names: list[EventName]


class StoredStatus(_Answer):
    """The event stands on the timeline of this customer."""

    status: Literal["stored"]
    unique_id: str
    event_id: str
    customer_id: str


class DeadStatus(_Answer):
    """The event can never be stored; it waits in the dead-letter queue."""

    status: Literal["dead"]
    unique_id: str
    event_id: str
    reason: str


class Progress(_Answer):
    """How many of the store's customers were decided on a definition."""

    done: int
    total: int | None = Field(description="Null until they were counted.")


class Segment(_Answer):
    """A segment of the store."""

    id: str
    name: str
    definition: SkipValidation[Node]
    status: Literal["building", "live"] = Field(
        description="`building` until every customer was decided on this definition."
    )
    progress: Progress | None = Field(None, description="While it is building.")
    version: str = Field(description="The same for the same definition.")
    member_count: int = Field(description="May lag by seconds.")
    created_at: datetime
    updated_at: datetime


class Segments(_Answer):
    """A page of segments, by id."""

    segments: list[Segment]


class Member(_Answer):
    """A customer in a segment."""

    id: str
    since: datetime = Field(description="The instant from which on it is true.")


class Members(_Answer):
    """A page of the customers in a segment, by id."""

    customers: list[Member]


class Membership(_Answer):
    """A segment that a customer is in."""

    id: str
    name: str
    since: datetime | None = Field(
        description="The instant from which on it is true; null for the moments until it is known."
    )


class Memberships(_Answer):
    """A page of the segments that a customer is in, by id."""

    segments: list[Membership]


class Reason(_Answer):
    """What one leaf of a definition says about a customer, and on what ground."""

    pointer: str = Field(
        description="The place of the leaf, as a JSON pointer from its definition."
    )
    says: bool
    found: Number | str | bool | None = Field(
        description="How many events count, or what they add up to; or the attribute's value, null "
        "where there is none. Null of a reference."
    )
    found_cut: Literal[True] | None = Field(
        None, description=f"Only the first {MAX_NAME_CHARACTERS} characters of a text are shown."
    )
    segment: str | None = Field(None, description="The segment that the leaf refers to.")
    reasons: "list[Reason] | None" = Field(
        None, description="Of a reference: those of the leaves of the segment's definition."
    )


class PreviewedCustomer(_Answer):
    """What a definition says about a customer."""

    id: str
    customer_id: str = Field(description="As it was sent.")
    member: bool
    reasons: list[Reason] = Field(description="One for each leaf, from left to right.")


class Preview(_Answer):
    """What a definition says about some customers. Nothing of it is stored."""

    at: datetime = Field(description="The instant for which it is said.")
    customers: list[PreviewedCustomer] = Field(description="In the order in which they were sent.")
    unknown: list[str] = Field(description="The ids, as sent, of no customer of the store.")
    undecided: list[str] = Field(
        description="The ids, as sent, for which there was no time or no room in the answer. Ask "
        "for them again, in a request of their own."
    )


ANSWERS: tuple[type[BaseModel], ...] = (
    Problem,
    GatewayProblem,
    EventFates,
    Customer,
    CustomerPut,
    Events,
    EventNames,
    StoredStatus,
    DeadStatus,
    Segment,
    Segments,
    Members,
    Memberships,
    Preview,
)
