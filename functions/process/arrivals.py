"""What arrives from the events queue: its messages, opened into single events and errands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from footfall.aws.queue import read_message
from footfall.domain.envelope import read_instruction, split_envelope
from footfall.domain.events import Event
from footfall.domain.instructions import Deletion, Merge
from footfall.domain.values import JsonObject
from footfall.errors import PermanentError, TransientError
from footfall.invocations import QueueMessage


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event, and the message it came in.

    Attributes:
        envelope: the envelope of this event alone: its dead letter, should it die.
        deliveries: how often its message has been delivered, this time included.
    """

    message_id: str
    deliveries: int
    envelope: JsonObject
    event: Event


@dataclass(frozen=True, slots=True)
class Errand:
    """One merge or deletion, and the message it came in; else as an `Arrival`."""

    message_id: str
    deliveries: int
    envelope: JsonObject
    instruction: Merge | Deletion


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message, or one event of it, that nobody will ever be able to read."""

    message_id: str
    letter: JsonObject | str
    reason: str


@dataclass(slots=True)
class Opened:
    """What the messages of a batch held.

    Attributes:
        closed: ids of the messages that could not be fetched this time.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    errands: list[Errand] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)


def open_messages(records: Sequence[QueueMessage]) -> Opened:
    """Return every event and errand of the messages, and what could not be read."""
    opened = Opened()
    for record in records:
        try:
            _open(record, opened)
        except PermanentError as error:
            opened.unreadable.append(Unreadable(record["messageId"], record["body"], str(error)))
        except TransientError:
            opened.closed.add(record["messageId"])
    return opened


def _open(record: QueueMessage, opened: Opened) -> None:
    message_id = record["messageId"]
    deliveries = int(record["attributes"]["ApproximateReceiveCount"])
    for envelope in split_envelope(read_message(record["body"])):
        try:
            instruction = read_instruction(envelope)
        except PermanentError as error:
            opened.unreadable.append(Unreadable(message_id, envelope, str(error)))
            continue
        if isinstance(instruction, Event):
            opened.arrivals.append(Arrival(message_id, deliveries, envelope, instruction))
        else:
            opened.errands.append(Errand(message_id, deliveries, envelope, instruction))
