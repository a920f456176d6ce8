"""Moving events from one timeline to another, and off it: of customers who are merged or deleted.

A page of the old timeline is put onto the root's, then the root is read once more: somebody who
merges or deletes it meanwhile either sees the events there, or is seen by that last reading. Only
then the old items go. So each step can be repeated, and an event stands on one timeline at least,
at any time; of two copies, the one on the old timeline is seen by nobody.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from footfall.aws.attempts import attempts
from footfall.aws.batches import delete_all, put_all
from footfall.aws.bodies import delete_body
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.customers import CustomerGoneError, replace_customer, settle_events
from footfall.aws.items import from_item, stored_instant, to_attribute, to_item
from footfall.aws.keys import customer_key, split_customer_key
from footfall.aws.roots import Path, follow
from footfall.aws.timeline import PlacedEvent, put_item_while, to_statement
from footfall.aws.unique_ids import claim_for_new_owner, item_is_present, item_is_replaced
from footfall.domain.customers import Customer, moved
from footfall.errors import ConflictError, PermanentError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

    Item = dict[str, AttributeValueTypeDef]

_ATTEMPTS = 10
PAGE_SIZE = 100
MAX_PAGES = 40
"""A longer timeline is moved in several turns: a function has a minute for all it was given."""


def move_timeline(store_id: str, customer_id: str) -> bool:
    """Let the events of a customer who is merged or deleted follow; return whether all have.

    Raises:
        TransientError: when some have not; what has followed is not in the way.
    """
    for _ in range(MAX_PAGES):
        items = _first_page(store_id, customer_id)
        if not items:
            return True
        _take_along(store_id, customer_id, items)
    return False


def let_go(gone: Customer) -> None:
    """Note about a customer who is merged or deleted that nothing is left to follow."""
    with suppress(ConflictError):  # somebody else has noted it
        replace_customer(gone, moved(gone))


def delete_copies(copies: Iterable[PlacedEvent]) -> None:
    """Delete events from timelines that they have left; their bodies stay."""
    delete_all(
        read_setting(Setting.EVENTS_TABLE),
        (
            to_item({"pk": customer_key(store_id, customer_id), "sk": sort_key})
            for store_id, customer_id, sort_key in {one.key for one in copies}
        ),
    )


def _first_page(store_id: str, customer_id: str) -> "list[Item]":
    with translated_errors("dynamodb.Query"):
        response = dynamodb().query(
            TableName=read_setting(Setting.EVENTS_TABLE),
            KeyConditionExpression="pk = :customer",
            ExpressionAttributeValues=to_item({":customer": customer_key(store_id, customer_id)}),
            ConsistentRead=True,
            Limit=PAGE_SIZE,
        )
    return response["Items"]


def _take_along(store_id: str, customer_id: str, items: "Sequence[Item]") -> None:
    """Bring the events to where the customer has gone, and delete them where they stood."""
    places = [customer_id]
    while True:
        path = follow(store_id, places[-1])
        if path.root is not None and path.root.deleted_at is not None:
            _delete_bodies(items, path.root.deleted_at)
            break
        if path.root_id != places[-1]:
            _put(store_id, path.root_id, items)
            places.append(path.root_id)
        elif _settle(store_id, path, items):
            places.pop()
            break
    _delete(store_id, places, items)


def _put(store_id: str, customer_id: str, items: "Sequence[Item]") -> None:
    """Put the events onto the timeline, but for those that another event has replaced.

    Raises:
        PermanentError: one of them can stand nowhere else.
    """
    plain: list[Item] = []
    for item in items:
        claim_for_new_owner(from_item(item), customer_id)
        copy: Item = {
            **item,
            "pk": to_attribute(customer_key(store_id, customer_id)),
            "moved_from": to_attribute(split_customer_key(item["pk"]["S"])[1]),
        }
        check = item_is_present(from_item(item))
        if check is None:
            plain.append(copy)
        else:
            _put_unless_replaced(copy, check)
    for _, reason in put_all(read_setting(Setting.EVENTS_TABLE), plain):
        raise reason


def _put_unless_replaced(item: "Item", check: "TransactWriteItemTypeDef") -> None:
    for _ in attempts(_ATTEMPTS):
        try:
            put_item_while(item, check)
        except ConflictError:
            if item_is_replaced(from_item(item)):
                return
        else:
            return
    raise ConflictError("an event's unique id is contended")


def _settle(store_id: str, path: Path, items: "Sequence[Item]") -> bool:
    """Settle what the events say about the root; tell whether it still is the root."""
    statements = [to_statement(from_item(item)) for item in items]
    try:
        settle_events(store_id, path.root_id, statements, path.root)
    except CustomerGoneError:
        return False
    except PermanentError:
        pass  # the profile has no room for more: the events stand all the same
    return True


def _delete_bodies(items: "Sequence[Item]", deleted_at: datetime) -> None:
    """Delete the bodies of events accepted before the deletion.

    Those accepted later may be on their way to a new customer, and take their bodies along.
    """
    for item in items:
        received_at = stored_instant(item["received_at"]["S"])
        if "body_object" in item and received_at <= deleted_at:
            delete_body(item["body_object"]["S"])


def _delete(store_id: str, customer_ids: Sequence[str], items: "Sequence[Item]") -> None:
    delete_all(
        read_setting(Setting.EVENTS_TABLE),
        (
            {"pk": to_attribute(customer_key(store_id, customer_id)), "sk": item["sk"]}
            for customer_id in customer_ids
            for item in items
        ),
    )
