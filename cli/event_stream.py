"""Follows the stream of the Events table from now on, and tells every event as it is stored."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

from cli.table_stream import TableStream
from footfall.aws.items import from_item
from footfall.aws.keys import split_customer_key, split_timeline_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef
    from types_boto3_dynamodbstreams.type_defs import StreamRecordTypeDef


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
    """The events that are stored since this object was made."""

    def __init__(self, stream_arn: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._stream = TableStream(stream_arn, sleep)

    def follow(self) -> Iterator[StoredEvent]:
        """Yield the events as they are stored, for ever."""
        for record in self._stream.follow():
            if record["eventName"] == "INSERT":
                yield StoredEvent.of_record(record["dynamodb"])
