"""DynamoDB's batch calls, carried through to their last item.

A batch call may leave items unprocessed when it is throttled; these are asked for again, a few
times with growing pauses, and what is still left then is a transient error.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

from footfall.aws.attempts import attempts
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, to_item
from footfall.domain.values import JsonValue
from footfall.errors import PermanentError, TransientError

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, KeysAndAttributesTypeDef

    Item = dict[str, AttributeValueTypeDef]

_T = TypeVar("_T")

_READ_SIZE = 100
_WRITE_SIZE = 25
_ATTEMPTS = 5


def get_all(
    table: str, partition_keys: Iterable[str], *, consistently: bool = True
) -> dict[str, dict[str, JsonValue]]:
    """Return the items that exist, by partition key.

    Args:
        consistently: else at half the price, as they were a moment ago.

    Raises:
        TransientError: when DynamoDB did not give all of them.
    """
    keys = [{"pk": key} for key in sorted(set(partition_keys))]
    return {str(item["pk"]): item for item in get_each(table, keys, consistently=consistently)}


def get_each(
    table: str, keys: Iterable[Mapping[str, str]], *, consistently: bool
) -> Iterator[dict[str, JsonValue]]:
    """Yield the items that exist, in any order.

    Args:
        keys: whole keys, no two of them the same.
        consistently: else at half the price, as they were a moment ago.

    Raises:
        TransientError: when DynamoDB did not give all of them.
    """
    return map(from_item, get_stored(table, keys, consistently=consistently))


def get_stored(
    table: str, keys: Iterable[Mapping[str, str]], *, consistently: bool
) -> Iterator["Item"]:
    """Yield the items that exist in DynamoDB's own form; else as `get_each`."""
    for run in runs(keys, _READ_SIZE):
        pending: KeysAndAttributesTypeDef = {
            "Keys": [to_item(key) for key in run],
            "ConsistentRead": consistently,
        }
        for _ in attempts(_ATTEMPTS):
            with translated_errors("dynamodb.BatchGetItem"):
                response = dynamodb().batch_get_item(RequestItems={table: pending})
            yield from response["Responses"].get(table, [])
            unprocessed = response.get("UnprocessedKeys", {})
            if table not in unprocessed:
                break
            pending = cast("KeysAndAttributesTypeDef", unprocessed[table])
        else:
            raise TransientError("dynamodb.BatchGetItem: keys were left unprocessed")


def put_all(table: str, items: Iterable["Item"]) -> list[tuple["Item", PermanentError]]:
    """Put every item, unconditionally; return those that DynamoDB will never take, with its reason.

    Takes the items as it goes, so that no more than one batch of them is in memory.
    DynamoDB refuses a batch whole when one item is bad, so a refused batch is halved until the bad
    ones stand alone. No two items may share their key.

    Raises:
        TransientError: when items were left unprocessed.
    """
    refused: list[tuple[Item, PermanentError]] = []
    for batch in runs(items, _WRITE_SIZE):
        refused.extend(_put_batch(table, batch))
    return refused


def delete_all(table: str, keys: Iterable["Item"]) -> None:
    """Delete the items with these keys; those that are not there are no error.

    Raises:
        TransientError: when items were left unprocessed.
    """
    for batch in runs(keys, _WRITE_SIZE):
        _write(table, [{"DeleteRequest": {"Key": key}} for key in batch])


def _put_batch(table: str, items: Sequence["Item"]) -> Iterator[tuple["Item", PermanentError]]:
    try:
        _put_unguarded(table, items)
    except PermanentError as error:
        if len(items) == 1:
            yield items[0], error
            return
        middle = len(items) // 2
        yield from _put_batch(table, items[:middle])
        yield from _put_batch(table, items[middle:])


def _put_unguarded(table: str, items: Sequence["Item"]) -> None:
    _write(table, [{"PutRequest": {"Item": item}} for item in items])


def _write(table: str, requests: Sequence[object]) -> None:
    pending: Mapping[str, Sequence[object]] = {table: requests}
    for _ in attempts(_ATTEMPTS):
        with translated_errors("dynamodb.BatchWriteItem"):
            response = dynamodb().batch_write_item(RequestItems=pending)  # type: ignore[arg-type]
        pending = response.get("UnprocessedItems", {})
        if not pending:
            return
    raise TransientError("dynamodb.BatchWriteItem: items were left unprocessed")


def runs(values: Iterable[_T], size: int) -> Iterator[Sequence[_T]]:
    """Yield the values in runs of that size; the last one may be shorter."""
    remaining = iter(values)
    while run := list(islice(remaining, size)):
        yield run
