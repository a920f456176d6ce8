"""The Members table, written: who is in a segment since when, and how many they are.

A segment's members stand in 16 partitions, each with a count of its own, `#count`. A member and the
count change in one transaction, on the condition that the member was (or was not) there: so what is
told again counts nothing twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from footfall.aws.attempts import attempts
from footfall.aws.batches import get_each, runs
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import to_item
from footfall.aws.keys import member_count_sort_key
from footfall.domain.timestamps import format_timestamp
from footfall.errors import ConflictError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_WRITE_SIZE = 100
_ATTEMPTS = 10

Standings = Mapping[str, datetime | None]
"""Of each customer, since when it is a member; None when it is none."""


def settle_members(wanted: Mapping[str, Standings]) -> None:
    """Make these, and no others, of the customers named members; what is so already stays.

    Args:
        wanted: by the partition of the Members table.

    Raises:
        ConflictError: when others were faster again and again.
        TransientError: when DynamoDB does not answer; some may be settled then, and counted.
    """
    groups = [
        _Group(partition, dict(run))
        for partition, standings in wanted.items()
        for run in runs(standings.items(), _WRITE_SIZE - 1)  # one place is the count's
    ]
    present = _read(groups)
    for bundle in _bundles(groups, present):
        try:
            _write(writes for _, writes in bundle)
        except ConflictError:
            for group, _ in bundle:
                _settle_alone(group)


@dataclass(frozen=True, slots=True)
class _Group:
    """Customers of one partition whose writes fit one transaction, with the count's."""

    partition: str
    wanted: Standings


_Seat = tuple[str, str]
"""A partition and a customer: the key of a member."""

_Writes = Sequence["TransactWriteItemTypeDef"]


def _settle_alone(group: _Group) -> None:
    """Settle the customers of one group: the fewer items a transaction holds, the fewer collide."""
    for _ in attempts(_ATTEMPTS):
        try:
            _write([_writes(group, _read([group]))])
        except ConflictError:
            continue
        return
    raise ConflictError("the members of a segment are contended")


def _bundles(
    groups: Sequence[_Group], present: Mapping[_Seat, str]
) -> Iterator[Sequence[tuple[_Group, _Writes]]]:
    """Yield the groups that need writes, as many at a time as fit one transaction."""
    bundle: list[tuple[_Group, _Writes]] = []
    room = _WRITE_SIZE
    for group in groups:
        writes = _writes(group, present)
        if not writes:
            continue
        if len(writes) > room:
            yield bundle
            bundle = []
            room = _WRITE_SIZE
        bundle.append((group, writes))
        room -= len(writes)
    if bundle:
        yield bundle


def _writes(group: _Group, present: Mapping[_Seat, str]) -> _Writes:
    writes: list[TransactWriteItemTypeDef] = []
    net = 0
    for customer_id, since in group.wanted.items():
        was = present.get((group.partition, customer_id))
        becomes = None if since is None else format_timestamp(since)
        if becomes == was:
            continue
        writes.append(_write_of_member(group.partition, customer_id, was, becomes))
        net += (becomes is not None) - (was is not None)
    if net:
        writes.append(_write_of_count(group.partition, net))
    return writes


def _write_of_member(
    partition: str, customer_id: str, was: str | None, becomes: str | None
) -> "TransactWriteItemTypeDef":
    table = read_setting(Setting.MEMBERS_TABLE)
    key = {"pk": partition, "sk": customer_id}
    if becomes is None:
        return {
            "Delete": {
                "TableName": table,
                "Key": to_item(key),
                "ConditionExpression": "attribute_exists(pk)",
            }
        }
    item = to_item({**key, "since": becomes})
    if was is None:
        return {
            "Put": {
                "TableName": table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
    return {
        "Put": {
            "TableName": table,
            "Item": item,
            "ConditionExpression": "since = :was",
            "ExpressionAttributeValues": to_item({":was": was}),
        }
    }


def _write_of_count(partition: str, net: int) -> "TransactWriteItemTypeDef":
    return {
        "Update": {
            "TableName": read_setting(Setting.MEMBERS_TABLE),
            "Key": to_item({"pk": partition, "sk": member_count_sort_key()}),
            "UpdateExpression": "ADD members :net",
            "ExpressionAttributeValues": to_item({":net": net}),
        }
    }


def _write(groups_of_writes: Iterable[_Writes]) -> None:
    writes = [write for writes in groups_of_writes for write in writes]
    if not writes:
        return
    with translated_errors("dynamodb.TransactWriteItems"):
        dynamodb().transact_write_items(TransactItems=writes)


def _read(groups: Iterable[_Group]) -> dict[_Seat, str]:
    """Return since when the customers of the groups are members, of those that are."""
    keys = [
        {"pk": group.partition, "sk": customer_id}
        for group in groups
        for customer_id in group.wanted
    ]
    items = get_each(read_setting(Setting.MEMBERS_TABLE), keys, consistently=True)
    return {(str(item["pk"]), str(item["sk"])): str(item["since"]) for item in items}
