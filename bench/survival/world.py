"""What Footfall holds of a store: everything that the verdict is about, read and put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from footfall.domain.customers import Customer
from footfall.domain.events import Event
from tests.segments.naive import Document


@dataclass(frozen=True, slots=True)
class SegmentWorld:
    """What is said of one segment, in each of the places that say it.

    Attributes:
        definition: what it asks.
        states: who is in it by the customers' states.
        members: who is in it by the Members table.
        count: how many are in it by that table.
        told: what the bus has heard of each customer, in order; True for an entry.
    """

    definition: Document
    states: frozenset[str]
    members: frozenset[str]
    count: int
    told: Mapping[str, Sequence[bool]]


@dataclass(frozen=True, slots=True)
class World:
    """What a store holds at an instant.

    Attributes:
        customers: those who are neither merged nor deleted, by id.
        timelines: the events of these, by customer.
        joined: those of them whom others were merged into.
        hidden: events on the timelines of merged customers, where nobody sees them.
        counted: how often the catalogue has seen each event name.
    """

    at: datetime
    customers: Mapping[str, Customer]
    timelines: Mapping[str, Sequence[Event]]
    segments: Mapping[str, SegmentWorld]
    joined: frozenset[str] = frozenset()
    hidden: Sequence[Event] = ()
    counted: Mapping[str, int] = field(default_factory=dict)
