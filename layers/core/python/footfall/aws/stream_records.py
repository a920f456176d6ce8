"""The records of a table's stream, as Lambda hands them over, and the answer that it takes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


class StreamChange(TypedDict, total=False):
    """One change of an item; an image is there when the item was there."""

    SequenceNumber: str
    Keys: "Mapping[str, AttributeValueTypeDef]"
    NewImage: "Mapping[str, AttributeValueTypeDef]"
    OldImage: "Mapping[str, AttributeValueTypeDef]"


class StreamRecord(TypedDict):
    """The parts of a stream record that Footfall reads."""

    dynamodb: StreamChange


class StreamEvent(TypedDict):
    """One batch of one shard of the stream."""

    Records: Sequence[StreamRecord]


class StreamResponse(TypedDict):
    """From which record on the batch is to come again, if at all."""

    batchItemFailures: Sequence[dict[str, str]]


def all_done() -> StreamResponse:
    """Return the answer to a batch that is done."""
    return {"batchItemFailures": []}


def come_again(sequence_number: str) -> StreamResponse:
    """Return the answer that lets the batch come again from this record on."""
    return {"batchItemFailures": [{"itemIdentifier": sequence_number}]}
