"""Follows the stream of the SegmentStates table: tells every entry and exit as it is decided."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.table_stream import TableStream
from footfall.aws.keys import split_customer_key
from footfall.domain.timestamps import from_microseconds, sortable_timestamp
from footfall.segments.transitions import Cause, from_text

if TYPE_CHECKING:
    from types_boto3_dynamodbstreams.type_defs import StreamRecordTypeDef


@dataclass(frozen=True, slots=True)
class ToldTransition:
    """What is told of an entry or exit: whose, of which segment, when, and why."""

    decided_at: str
    effective_at: str
    store_id: str
    customer_id: str
    segment_id: str
    entered: bool
    cause: Cause


class TransitionStream:
    """The entries and exits that are decided since this object was made."""

    def __init__(self, stream_arn: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._stream = TableStream(stream_arn, sleep)

    def follow(self) -> Iterator[ToldTransition]:
        """Yield the entries and exits as they are decided, for ever."""
        for record in self._stream.follow():
            yield from _transitions(record["dynamodb"])


def _transitions(record: "StreamRecordTypeDef") -> Iterator[ToldTransition]:
    image = record.get("NewImage", {})
    if "transitions" not in image:
        return  # most writes of a state decide nothing
    store_id, customer_id = split_customer_key(image["pk"]["S"])
    decided = from_text(image["transitions"]["S"])
    for transition in decided.transitions:
        yield ToldTransition(
            decided_at=_text(decided.at),
            effective_at=_text(transition.effective_at),
            store_id=store_id,
            customer_id=customer_id,
            segment_id=transition.segment_id,
            entered=transition.entered,
            cause=transition.cause,
        )


def _text(microseconds: int) -> str:
    return sortable_timestamp(from_microseconds(microseconds))
