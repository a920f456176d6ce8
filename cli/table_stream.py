"""Follows the stream of a table from now on: every change, once, for as long as somebody looks."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from types_boto3_dynamodbstreams import DynamoDBStreamsClient
    from types_boto3_dynamodbstreams.literals import ShardIteratorTypeType
    from types_boto3_dynamodbstreams.type_defs import (
        DescribeStreamInputTypeDef,
        RecordTypeDef,
        ShardTypeDef,
    )

_SECONDS_BETWEEN_READS = 1.0
"""A shard allows 5 reads a second, shared with the functions that follow the same stream."""


class TableStream:
    """The stream, read shard by shard; shards end and are followed by others."""

    def __init__(self, stream_arn: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client: DynamoDBStreamsClient = boto3.client("dynamodbstreams")
        self._stream_arn = stream_arn
        self._sleep = sleep
        self._known: set[str] = set()
        self._iterators: dict[str, str] = {}
        self._open_shards("LATEST")

    def follow(self) -> "Iterator[RecordTypeDef]":
        """Yield what was changed since this object was made, for ever."""
        while True:
            yield from self._read_once()
            self._sleep(_SECONDS_BETWEEN_READS)

    def _read_once(self) -> "Iterator[RecordTypeDef]":
        for shard_id, iterator in list(self._iterators.items()):
            answer = self._client.get_records(ShardIterator=iterator)
            if following := answer.get("NextShardIterator"):
                self._iterators[shard_id] = following
            else:
                del self._iterators[shard_id]
                self._open_shards("TRIM_HORIZON")
            yield from answer["Records"]

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
