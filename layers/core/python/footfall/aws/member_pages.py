"""The Members table, read: who is in a segment since when, and how many they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from footfall.aws.batches import get_each
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, stored_instant, to_item
from footfall.aws.keys import member_count_sort_key, members_key, members_keys, members_shard
from footfall.domain.values import JsonObject
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


@dataclass(frozen=True, slots=True)
class Member:
    """A customer in a segment.

    Attributes:
        since: the instant from which on it is true.
    """

    customer_id: str
    since: datetime


def page_of_members(
    store_id: str, segment_id: str, *, after: str | None, limit: int
) -> tuple[list[Member], str | None]:
    """Return up to `limit` members by id, and the id after which to go on, or None at the end.

    Args:
        after: the id with which the page before ended; it begins with a hexadecimal digit.
    """
    found: list[Member] = []
    first_shard = members_shard(after) if after else 0
    for shard in range(first_shard, len(members_keys(store_id, segment_id))):
        partition = members_key(store_id, segment_id, shard)
        beginning = after if after and shard == first_shard else member_count_sort_key()
        for item in _items_after(partition, beginning, limit + 1 - len(found)):
            if len(found) == limit:
                return found, found[-1].customer_id
            found.append(_from_item(from_item(item)))
    return found, None


def member_counts(store_id: str, segment_ids: Iterable[str]) -> dict[str, int]:
    """Return how many members each of the segments has, as of some seconds ago."""
    counts = dict.fromkeys(segment_ids, 0)
    segments = {
        partition: segment_id
        for segment_id in counts
        for partition in members_keys(store_id, segment_id)
    }
    keys = [{"pk": partition, "sk": member_count_sort_key()} for partition in segments]
    for item in get_each(read_setting(Setting.MEMBERS_TABLE), keys, consistently=False):
        counts[segments[str(item["pk"])]] += int(cast("int", item["members"]))
    return counts


def _from_item(item: JsonObject) -> Member:
    return Member(str(item["sk"]), stored_instant(item["since"]))


def _items_after(
    partition: str, beginning: str, wanted: int
) -> "Sequence[dict[str, AttributeValueTypeDef]]":
    with translated_errors("dynamodb.Query"):
        response = dynamodb().query(
            TableName=read_setting(Setting.MEMBERS_TABLE),
            KeyConditionExpression="pk = :partition AND sk > :beginning",
            ExpressionAttributeValues=to_item({":partition": partition, ":beginning": beginning}),
            ConsistentRead=True,
            Limit=wanted,  # members are small: so many fit one answer
        )
    return response["Items"]
