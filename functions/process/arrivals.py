"""What arrives from the events queue: its messages, opened into single events and errands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from footfall.aws.queue import read_message, send_envelope
from footfall.domain.envelope import cut_envelope, read_instruction, split_envelope
from footfall.domain.events import Event
from footfall.domain.instructions import Deletion, Merge
from footfall.domain.values import JsonObject
from footfall.errors import PermanentError, TransientError
from footfall.invocations import QueueMessage

_MAX_EVENTS_OF_MESSAGE = 200
"""So that a batch of messages is done in the time that a function has, also if everybody is new."""


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
    document = read_message(record["body"])
    parts = list(cut_envelope(document, _MAX_EVENTS_OF_MESSAGE))
    if len(parts) > 1:
        _send_on(parts)
        return
    for envelope in split_envelope(document):
        try:
            instruction = read_instruction(envelope)
        except PermanentError as error:
            opened.unreadable.append(Unreadable(message_id, envelope, str(error)))
            continue
        if isinstance(instruction, Event):
            opened.arrivals.append(Arrival(message_id, deliveries, envelope, instruction))
        else:
            opened.errands.append(Errand(message_id, deliveries, envelope, instruction))


def _send_on(parts: Sequence[JsonObject]) -> None:
    """Queue a long message again as several, before SQS deletes it.

    It may come again after some or all of them were sent. Its events are then stored twice over,
    which is once, as they are the same events.
    """
    for part in parts:
        send_envelope(part)
