"""Follows the stream of the Events table from now on, and tells every event as it is stored."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

import boto3

from footfall.aws.items import from_item
from footfall.aws.keys import split_customer_key, split_timeline_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef
    from types_boto3_dynamodbstreams import DynamoDBStreamsClient
    from types_boto3_dynamodbstreams.literals import ShardIteratorTypeType
    from types_boto3_dynamodbstreams.type_defs import (
        DescribeStreamInputTypeDef,
        ShardTypeDef,
        StreamRecordTypeDef,
    )

_SECONDS_BETWEEN_READS = 1.0
"""A shard allows 5 reads a second, shared with the functions that follow the same stream."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """What is told of an event that was just stored: ids, its name and its value."""

    timestamp: str
    store_id: str
    event_name: str
    customer_id: str
    event_id: str
    value: str

    @classmethod
    def of_record(cls, record: "StreamRecordTypeDef") -> Self:
        """Return the event of a new item in the Events table."""
        attributes = from_item(cast("Mapping[str, AttributeValueTypeDef]", record["NewImage"]))
        store_id, customer_id = split_customer_key(str(attributes["pk"]))
        timestamp, event_id = split_timeline_key(str(attributes["sk"]))
        value = (attributes.get("value"), attributes.get("value_currency"))
        return cls(
            timestamp=timestamp,
            store_id=store_id,
            event_name=str(attributes["event_name"]),
            customer_id=customer_id,
            event_id=event_id,
            value=" ".join(str(part) for part in value if part is not None),
        )


class EventStream:
    """The stream, read shard by shard; shards end and are followed by others."""

    def __init__(self, stream_arn: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client: DynamoDBStreamsClient = boto3.client("dynamodbstreams")
        self._stream_arn = stream_arn
        self._sleep = sleep
        self._known: set[str] = set()
        self._iterators: dict[str, str] = {}
        self._open_shards("LATEST")

    def follow(self) -> Iterator[StoredEvent]:
        """Yield the events that were stored since this object was made, for ever."""
        while True:
            yield from self._read_once()
            self._sleep(_SECONDS_BETWEEN_READS)

    def _read_once(self) -> Iterator[StoredEvent]:
        for shard_id, iterator in list(self._iterators.items()):
            answer = self._client.get_records(ShardIterator=iterator)
            if following := answer.get("NextShardIterator"):
                self._iterators[shard_id] = following
            else:
                del self._iterators[shard_id]
                self._open_shards("TRIM_HORIZON")
            for record in answer["Records"]:
                if record["eventName"] == "INSERT":
                    yield StoredEvent.of_record(record["dynamodb"])

    def _open_shards(self, position: "ShardIteratorTypeType") -> None:
        """Open the shards that were not known: at the start the latest, later their successors."""
        for shard in self._shards():
            shard_id = shard["ShardId"]
            if shard_id in self._known:
                continue
            self._known.add(shard_id)
            if position == "LATEST" and "EndingSequenceNumber" in shard["SequenceNumberRange"]:
                continue
            answer = self._client.get_shard_iterator(
                StreamArn=self._stream_arn, ShardId=shard_id, ShardIteratorType=position
            )
            self._iterators[shard_id] = answer["ShardIterator"]

    def _shards(self) -> "Iterator[ShardTypeDef]":
        request: DescribeStreamInputTypeDef = {"StreamArn": self._stream_arn}
        while True:
            stream = self._client.describe_stream(**request)["StreamDescription"]
            yield from stream["Shards"]
            if "LastEvaluatedShardId" not in stream:
                return
            request["ExclusiveStartShardId"] = stream["LastEvaluatedShardId"]
