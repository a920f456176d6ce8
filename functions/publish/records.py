"""What the SegmentStates table's stream hands over, read as transitions to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from footfall.aws.event_bus import BusEntry, DetailType
from footfall.aws.keys import members_key, members_shard, split_customer_key
from footfall.domain.timestamps import format_timestamp, from_microseconds
from footfall.errors import PermanentError
from footfall.invocations import StreamChange, StreamRecord
from footfall.segments.transitions import Decided, from_text, transition_id


@dataclass(frozen=True, slots=True)
class Notice:
    """A transition, as it is told.

    Attributes:
        members_partition: the one of the Members table that the customer stands in, or not.
        since: from when on the customer is a member, or None after an exit.
        entry: what the bus is told.
    """

    members_partition: str
    customer_id: str
    since: datetime | None
    entry: BusEntry


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the stream: what one write of a customer's state decided."""

    sequence_number: str
    notices: Sequence[Notice]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be told of one batch of the stream.

    Attributes:
        records: those that can be read, in the order of the stream.
        unreadable: the sequence numbers of the others.
    """

    records: Sequence[Record]
    unreadable: Sequence[str]


def read_batch(records: Sequence[StreamRecord]) -> Batch:
    """Return what is to be told; a record that cannot be read stands in nobody's way."""
    read: list[Record] = []
    unreadable: list[str] = []
    for record in records:
        try:
            read.append(_read(record["dynamodb"]))
        except (KeyError, TypeError, ValueError, ArithmeticError, PermanentError):
            unreadable.append(record["dynamodb"]["SequenceNumber"])
    return Batch(read, unreadable)


def _read(change: StreamChange) -> Record:
    image = change["NewImage"]
    store_id, customer_id = split_customer_key(image["pk"]["S"])
    decided = from_text(image["transitions"]["S"])
    notices = [
        _notice(store_id, customer_id, decided, place) for place in range(len(decided.transitions))
    ]
    return Record(change["SequenceNumber"], notices)


def _notice(store_id: str, customer_id: str, decided: Decided, place: int) -> Notice:
    transition = decided.transitions[place]
    at = from_microseconds(decided.at)
    effective_at = from_microseconds(transition.effective_at)
    kind = DetailType.SEGMENT_ENTERED if transition.entered else DetailType.SEGMENT_EXITED
    detail = {
        "id": transition_id(store_id, customer_id, decided, place),
        "storeId": store_id,
        "customerId": customer_id,
        "segmentId": transition.segment_id,
        "version": transition.segment_version,
        "at": format_timestamp(at),
        "effectiveAt": format_timestamp(effective_at),
        "cause": transition.cause,
    }
    return Notice(
        members_key(store_id, transition.segment_id, members_shard(customer_id)),
        customer_id,
        effective_at if transition.entered else None,
        BusEntry.of(kind, at, detail),
    )
