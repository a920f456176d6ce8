"""Two customers become one: the redirect first, in one transaction, then whatever follows it.

A customer is merged when its item says so. That is written on the condition that nobody has changed
it, and that the survivor is merged into nobody and not deleted. So no two merges make a circle,
however they meet; whoever finds something else reads again. All that follows can be repeated.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from footfall.aws.attempts import attempts
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.customers import (
    CustomerGoneError,
    profile_attribute,
    take_over,
    to_customer_item,
)
from footfall.aws.deleting import delete_customer
from footfall.aws.items import to_item
from footfall.aws.keys import customer_key
from footfall.aws.moving import let_go, move_timeline
from footfall.aws.roots import follow
from footfall.domain.customers import Customer, alias_of
from footfall.errors import ConflictError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import PutTypeDef

_ATTEMPTS = 10
_NAMES = {"#profile": "profile"}


def merge(store_id: str, customer_id: str, survivor_id: str, at: datetime) -> bool:
    """Let a customer become another one; return whether all of its history has followed.

    Of customers that are merged already, those that they have become are meant. If the survivor
    was deleted, the customer is forgotten with it. If there is more history than one turn may
    take, the rest follows when this is called again.

    Args:
        at: when the merge was accepted.

    Raises:
        TransientError: when it is not done; it may be done again.
    """
    for alias in _redirect(store_id, customer_id, survivor_id, at):
        if alias.has_moved:
            continue
        _bring_what_calls_said(alias)
        if not move_timeline(store_id, alias.customer_id):
            return False
        let_go(alias)
    return True


def _redirect(
    store_id: str, customer_id: str, survivor_id: str, at: datetime
) -> Sequence[Customer]:
    """Make the customer an alias of the survivor; return all aliases between them."""
    for _ in attempts(_ATTEMPTS):
        here, there = follow(store_id, customer_id), follow(store_id, survivor_id)
        if here.root_id == there.root_id or here.is_deleted:
            return here.aliases
        try:
            if there.root is not None and there.root.deleted_at is not None:
                delete_customer(store_id, here.root_id, there.root.deleted_at)
            else:
                _write_redirect(store_id, here.root_id, here.root, there.root_id, at)
        except ConflictError:
            continue
        return follow(store_id, customer_id).aliases
    raise ConflictError("the customers are contended")


def _write_redirect(
    store_id: str, customer_id: str, present: Customer | None, survivor_id: str, at: datetime
) -> None:
    table = read_setting(Setting.CUSTOMERS_TABLE)
    alias = alias_of(present or Customer(store_id, customer_id, at), survivor_id)
    redirect: PutTypeDef = {
        "TableName": table,
        "Item": to_customer_item(alias),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    if present is not None:
        redirect["ConditionExpression"] = "#profile = :present"
        redirect["ExpressionAttributeNames"] = _NAMES
        redirect["ExpressionAttributeValues"] = {":present": profile_attribute(present)}
    with translated_errors("dynamodb.TransactWriteItems"):
        dynamodb().transact_write_items(
            TransactItems=[
                {"Put": redirect},
                {
                    "ConditionCheck": {
                        "TableName": table,
                        "Key": to_item({"pk": customer_key(store_id, survivor_id)}),
                        "ConditionExpression": "attribute_not_exists(#profile.merged_into)"
                        " AND attribute_not_exists(#profile.deleted_at)",
                        "ExpressionAttributeNames": _NAMES,
                    }
                },
            ]
        )


def _bring_what_calls_said(alias: Customer) -> None:
    """Settle what calls of the API stated; no timeline holds it."""
    while True:
        path = follow(alias.store_id, alias.customer_id)
        if path.is_deleted:
            return
        try:
            take_over(alias.store_id, path.root_id, alias)
        except CustomerGoneError:
            continue
        return
