"""The due index: which customers' segments change by themselves, in the order of time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from footfall.aws.batches import runs
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.due_queue import MAX_CUSTOMERS, DueSlice, seconds_until
from footfall.aws.items import to_item
from footfall.aws.keys import split_customer_key
from footfall.domain.timestamps import to_microseconds
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, QueryInputTypeDef

DUE_INDEX = "due"


def due_slices(shard_key: str, now: datetime, until: datetime) -> Iterator[DueSlice]:
    """Yield a shard's customers who are due by then, overdue ones included, second by second."""
    values = {":shard": shard_key, ":until": to_microseconds(until)}
    query: QueryInputTypeDef = {
        "TableName": read_setting(Setting.SEGMENT_STATES_TABLE),
        "IndexName": DUE_INDEX,
        "KeyConditionExpression": "due_shard = :shard AND due_at <= :until",
        "ExpressionAttributeValues": to_item(values),
    }
    while True:
        with translated_errors("dynamodb.Query"):
            response = dynamodb().query(**query)
        yield from _slices(response["Items"], now)
        if "LastEvaluatedKey" not in response:
            return
        query["ExclusiveStartKey"] = response["LastEvaluatedKey"]


def _slices(
    items: "Sequence[dict[str, AttributeValueTypeDef]]", now: datetime
) -> Iterator[DueSlice]:
    together: dict[tuple[str, int], list[str]] = defaultdict(list)
    for item in items:
        store_id, customer_id = split_customer_key(item["pk"]["S"])
        together[store_id, seconds_until(int(item["due_at"]["N"]), now)].append(customer_id)
    for (store_id, seconds), customer_ids in together.items():
        for run in runs(customer_ids, MAX_CUSTOMERS):
            yield DueSlice(store_id, run, seconds)
