"""What Lambda hands to the functions that read a stream or a queue, and what it takes back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NotRequired, Protocol, TypedDict

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


class Context(Protocol):
    """What Lambda tells of the time that is left."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the function."""


class StreamChange(TypedDict):
    """One change of an item; an image is there when the item was there, or is."""

    SequenceNumber: str
    Keys: "NotRequired[Mapping[str, AttributeValueTypeDef]]"
    NewImage: "NotRequired[Mapping[str, AttributeValueTypeDef]]"
    OldImage: "NotRequired[Mapping[str, AttributeValueTypeDef]]"


class StreamRecord(TypedDict):
    """The parts of a stream record that Footfall reads."""

    dynamodb: StreamChange


class StreamEvent(TypedDict):
    """One batch of one shard of a stream."""

    Records: Sequence[StreamRecord]


class MessageAttributes(TypedDict):
    """The attributes of a message that Footfall reads."""

    ApproximateReceiveCount: str


class QueueMessage(TypedDict):
    """The parts of a queue's message that Footfall reads."""

    messageId: str
    body: str
    attributes: NotRequired[MessageAttributes]


class QueueEvent(TypedDict):
    """One batch of messages."""

    Records: Sequence[QueueMessage]


class ItemFailure(TypedDict):
    """A message, or the first of the records, that is to come again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """What of the batch is to come again: these messages, or everything from this record on."""

    batchItemFailures: Sequence[ItemFailure]


def come_again(*identifiers: str) -> BatchResponse:
    """Return the answer that lets these come again; without any, the batch is done."""
    return {"batchItemFailures": [{"itemIdentifier": one} for one in identifiers]}
