"""DynamoDB's batch calls, carried through to their last item.

A batch call may leave items unprocessed when it is throttled; these are asked for again, a few
times with growing pauses, and what is still left then is a transient error.
"""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

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
_FIRST_PAUSE_SECONDS = 0.05


def get_all(table: str, partition_keys: Iterable[str]) -> dict[str, dict[str, JsonValue]]:
    """Return the items that exist, by partition key, read consistently.

    Raises:
        TransientError: when DynamoDB did not give all of them.
    """
    found: dict[str, dict[str, JsonValue]] = {}
    for keys in _runs(sorted(set(partition_keys)), _READ_SIZE):
        pending: KeysAndAttributesTypeDef = {
            "Keys": [to_item({"pk": key}) for key in keys],
            "ConsistentRead": True,
        }
        for pause in _pauses():
            with translated_errors("dynamodb.BatchGetItem"):
                response = dynamodb().batch_get_item(RequestItems={table: pending})
            for raw in response["Responses"].get(table, []):
                item = from_item(raw)
                found[str(item["pk"])] = item
            unprocessed = response.get("UnprocessedKeys", {})
            if table not in unprocessed:
                break
            pending = cast("KeysAndAttributesTypeDef", unprocessed[table])
            time.sleep(pause)
        else:
            raise TransientError("dynamodb.BatchGetItem: keys were left unprocessed")
    return found


def put_all(table: str, items: Iterable["Item"]) -> list[tuple["Item", PermanentError]]:
    """Put every item, unconditionally; return those that DynamoDB will never take, with its reason.

    Takes the items as it goes, so that no more than one batch of them is in memory.
    DynamoDB refuses a batch whole when one item is bad, so a refused batch is halved until the bad
    ones stand alone. No two items may share their key.

    Raises:
        TransientError: when items were left unprocessed.
    """
    refused: list[tuple[Item, PermanentError]] = []
    for batch in _runs(items, _WRITE_SIZE):
        refused.extend(_put_batch(table, batch))
    return refused


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
    pending: Mapping[str, Sequence[object]] = {
        table: [{"PutRequest": {"Item": item}} for item in items]
    }
    for pause in _pauses():
        with translated_errors("dynamodb.BatchWriteItem"):
            response = dynamodb().batch_write_item(RequestItems=pending)  # type: ignore[arg-type]
        pending = response.get("UnprocessedItems", {})
        if not pending:
            return
        time.sleep(pause)
    raise TransientError("dynamodb.BatchWriteItem: items were left unprocessed")


def _runs(values: Iterable[_T], size: int) -> Iterator[Sequence[_T]]:
    remaining = iter(values)
    while run := list(islice(remaining, size)):
        yield run


def _pauses() -> Iterator[float]:
    """Yield the seconds to wait after each attempt: doubling, with full jitter."""
    for attempt in range(_ATTEMPTS):
        yield random.uniform(0, _FIRST_PAUSE_SECONDS * 2**attempt)  # noqa: S311  # no secret
