"""The items of the Identities table: who holds an identifier, read and written by compare and swap.

Each write names what it found, so that of two workers who want the same identifier one is told to
decide anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from footfall.aws.batches import get_all
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import stored_instant, to_item
from footfall.aws.keys import identity_key
from footfall.domain.identifiers import Identifier
from footfall.domain.identity import Holding
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import PutTypeDef


@dataclass(frozen=True, slots=True)
class Swap:
    """A holding to be put in the place of what was read: another one, or nothing."""

    store_id: str
    identifier: Identifier
    present: Holding | None
    following: Holding


def read_holdings(
    identifiers: Iterable[tuple[str, Identifier]], *, consistently: bool
) -> dict[tuple[str, Identifier], Holding]:
    """Return who holds each of the identifiers, given with their stores, as far as anybody does.

    Args:
        consistently: else at half the price, as it was a moment ago.
    """
    keys = {identity_key(*pair): pair for pair in identifiers}
    items = get_all(read_setting(Setting.IDENTITIES_TABLE), keys, consistently=consistently)
    return {keys[key]: _from_item(item) for key, item in items.items()}


def swap_holding(swap: Swap) -> None:
    """Put a holding in its place.

    Raises:
        ConflictError: when it is not what was read any more.
    """
    with translated_errors("dynamodb.PutItem"):
        dynamodb().put_item(**_put(swap))


def swap_together(swaps: Sequence[Swap]) -> None:
    """Put all the holdings in their places, or none.

    Raises:
        ConflictError: when one of them is not what was read any more.
    """
    with translated_errors("dynamodb.TransactWriteItems"):
        dynamodb().transact_write_items(TransactItems=[{"Put": _put(swap)} for swap in swaps])


def _put(swap: Swap) -> "PutTypeDef":
    key = identity_key(swap.store_id, swap.identifier)
    put: PutTypeDef = {
        "TableName": read_setting(Setting.IDENTITIES_TABLE),
        "Item": to_item({"pk": key, **_attributes(swap.following)}),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    if swap.present is None:
        return put
    present = _attributes(swap.present)
    values = {f":{name}": value for name, value in present.items() if value is not None}
    condition = " AND ".join(
        f"attribute_not_exists({name})" if value is None else f"{name} = :{name}"
        for name, value in present.items()
    )
    return {
        **put,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": to_item(values),
    }


def _attributes(holding: Holding) -> Mapping[str, object]:
    freed_at = holding.freed_at
    return {
        "customer_id": holding.customer_id,
        "joined": holding.is_joined or None,
        "merging": holding.merging,
        "freed_at": None if freed_at is None else format_timestamp(freed_at),
        "freed_from": holding.freed_from,
    }


def _from_item(item: JsonObject) -> Holding:
    return Holding(
        customer_id=str(item["customer_id"]),
        is_joined="joined" in item,
        merging=cast("str | None", item.get("merging")),
        freed_at=stored_instant(item["freed_at"]) if "freed_at" in item else None,
        freed_from=cast("str | None", item.get("freed_from")),
    )
