"""Reads the dead-letter queue without emptying it, and sends letters back to be processed again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from footfall.aws.clients import sqs
from footfall.domain.strict_json import InvalidJsonError, parse_json
from footfall.domain.timestamps import from_microseconds
from footfall.domain.values import JsonValue
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_sqs.type_defs import MessageTypeDef

_SECONDS_HELD = 60
"""While letters are read they are hidden from other readers, so that none is read twice."""

_SECONDS_WAITED = 1
"""SQS asks all its servers when it may wait, so that an empty answer means an empty queue."""

_MOVED_BY_SQS = "moved by SQS after too many attempts"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be processed. Of what it carries, only ids and names are kept apart.

    Attributes:
        body: as it will be sent again.
        store_id: empty when the message cannot be read.
        event_names: of the events in it; none when they stand in S3 or cannot be read.
        event_ids: of the events in it.
    """

    message_id: str
    receipt: str
    sent_at: datetime
    reason: str
    body: str
    store_id: str
    event_names: Sequence[str]
    event_ids: Sequence[str]

    @classmethod
    def of_message(cls, message: "MessageTypeDef") -> Self:
        """Return the letter of a received message, whatever its body is."""
        try:
            envelope = parse_json(message["Body"])
        except InvalidJsonError:
            envelope = None
        events = _events(envelope)
        return cls(
            message_id=message["MessageId"],
            receipt=message["ReceiptHandle"],
            sent_at=from_microseconds(int(message["Attributes"]["SentTimestamp"]) * 1000),
            reason=_reason(message),
            body=message["Body"],
            store_id=_text(envelope, "storeId"),
            event_names=[_text(event, "eventName") for event in events],
            event_ids=[_text(event, "eventId") for event in events],
        )

    def answers_to(self, wanted: str) -> bool:
        """Tell whether an id is this message's or one of its events'."""
        return wanted == self.message_id or wanted in self.event_ids


def receive_letters() -> Iterator[Sequence[DeadLetter]]:
    """Yield every letter in the queue, once, some at a time, in no order.

    Each is hidden from others until it is released, or a minute is over.
    """
    seen: set[str] = set()
    while True:
        answer = sqs().receive_message(
            QueueUrl=read_setting(Setting.DEAD_LETTER_QUEUE_URL),
            MaxNumberOfMessages=10,
            VisibilityTimeout=_SECONDS_HELD,
            WaitTimeSeconds=_SECONDS_WAITED,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        letters = [DeadLetter.of_message(message) for message in answer.get("Messages", [])]
        unseen = [letter for letter in letters if letter.message_id not in seen]
        if not unseen:
            return
        seen.update(letter.message_id for letter in unseen)
        yield unseen


def release(letters: Sequence[DeadLetter]) -> None:
    """Let other readers see the letters again, at once."""
    for letter in letters:
        sqs().change_message_visibility(
            QueueUrl=read_setting(Setting.DEAD_LETTER_QUEUE_URL),
            ReceiptHandle=letter.receipt,
            VisibilityTimeout=0,
        )


def send_back(letter: DeadLetter) -> None:
    """Send a letter's body to the events queue as it is, then take the letter away.

    A crash in between leaves both: the event is processed again, and stored once.
    """
    queue = read_setting(Setting.EVENTS_QUEUE_URL)
    if letter.store_id:
        sqs().send_message(QueueUrl=queue, MessageBody=letter.body, MessageGroupId=letter.store_id)
    else:
        sqs().send_message(QueueUrl=queue, MessageBody=letter.body)
    sqs().delete_message(
        QueueUrl=read_setting(Setting.DEAD_LETTER_QUEUE_URL), ReceiptHandle=letter.receipt
    )


def _reason(message: "MessageTypeDef") -> str:
    attribute = message.get("MessageAttributes", {}).get("reason")
    return attribute["StringValue"] if attribute else _MOVED_BY_SQS


def _events(envelope: JsonValue) -> Sequence[JsonValue]:
    match envelope:
        case {"events": [*events]}:
            return events
        case _:
            return []


def _text(document: JsonValue, key: str) -> str:
    value = document.get(key) if isinstance(document, Mapping) else None
    return value if isinstance(value, str) else ""
