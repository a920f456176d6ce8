"""The Customers table: profiles, written by compare and swap, and only when they change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from footfall.aws.batches import get_all
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, stored_instant, to_item
from footfall.aws.keys import customer_key, split_customer_key, store_shard_key
from footfall.aws.swapping import swap
from footfall.aws.timeline import statements_since
from footfall.domain.customers import (
    Customer,
    FieldValue,
    Position,
    Statement,
    first_unsettled,
    settle,
)
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue, StatedValue
from footfall.errors import ConflictError, PermanentError
from footfall.settings import Setting, read_setting

_ATTEMPTS = 20


def read_customer(store_id: str, customer_id: str) -> Customer | None:
    """Return the customer as stored now, or None."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.CUSTOMERS_TABLE),
            Key=to_item({"pk": customer_key(store_id, customer_id)}),
            ConsistentRead=True,
        )
    if "Item" not in response:
        return None
    return to_customer(from_item(response["Item"]))


def read_customers(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Customer]:
    """Return the customers that exist, each by its store and its id, as stored now."""
    by_text = {customer_key(*key): key for key in keys}
    return {
        by_text[text]: to_customer(item)
        for text, item in get_all(read_setting(Setting.CUSTOMERS_TABLE), by_text).items()
    }


def to_customer(item: JsonObject) -> Customer:
    """Return the customer of an item."""
    return _from_profile(*split_customer_key(str(item["pk"])), cast("JsonObject", item["profile"]))


def settle_events(
    store_id: str, customer_id: str, statements: Sequence[Statement], present: Customer | None
) -> None:
    """Settle what events that stand on the timeline say about their customer.

    Nothing is written when nothing changes.

    Args:
        present: the customer, read after the events were written, or None when there was none.

    Raises:
        ConflictError: when others were faster again and again.
        PermanentError: when the profile has outgrown what one item may hold.
    """
    first_heard = min(statement.received_at for statement in statements)
    if present is None or first_heard < present.created_at:
        start: Position | None = min(statement.position for statement in statements)
    else:
        start = first_unsettled(present, statements)
    if start is None:
        return

    def heard(stored: Customer | None) -> Customer:
        if stored is None:
            return Customer(store_id, customer_id, first_heard)
        return replace(stored, created_at=min(first_heard, stored.created_at))

    _converge(store_id, customer_id, present, start, heard)


def put_fields(
    store_id: str, customer_id: str, fields: Mapping[str, StatedValue], at: datetime, by: str
) -> Customer:
    """Settle what a call of the API says about a customer, and return the customer.

    Args:
        fields: the profile's new values, by path.
        at: the time of the call.
        by: the id of the call.

    Raises:
        ConflictError, PermanentError: as `settle_events`.
    """
    calls = {path: FieldValue(value, at, by) for path, value in fields.items()}

    def called(stored: Customer | None) -> Customer:
        if stored is None:
            return Customer(store_id, customer_id, at, stated=calls)
        return replace(stored, stated={**stored.stated, **calls})

    present = read_customer(store_id, customer_id)
    return _converge(store_id, customer_id, present, (at, by), called)


def _converge(
    store_id: str,
    customer_id: str,
    present: Customer | None,
    start: Position,
    prepare: Callable[[Customer | None], Customer],
) -> Customer:
    """Settle from `start` on, until the stored profile is what the timeline says.

    After each write the timeline is read once more. Whoever put a later event meanwhile either
    read the profile after this write, or is seen by that last reading; so nobody is overlooked.
    """
    for _ in range(_ATTEMPTS):
        settled = settle(prepare(present), statements_since(store_id, customer_id, start), start)
        if settled == present:
            return settled
        try:
            _replace(present, settled)
        except ConflictError:
            present = read_customer(store_id, customer_id)
        else:
            present = settled
    raise ConflictError("the customer's profile is contended")


def _replace(present: Customer | None, settled: Customer) -> None:
    item = to_item(
        {
            "pk": customer_key(settled.store_id, settled.customer_id),
            "store_shard": store_shard_key(settled.store_id, settled.customer_id),
            "profile": _to_profile(settled),
        }
    )
    stored = None if present is None else _to_profile(present)
    try:
        swap(read_setting(Setting.CUSTOMERS_TABLE), item, "profile", stored)
    except PermanentError as error:
        raise PermanentError("the customer's profile has no room for more") from error


def _to_profile(customer: Customer) -> dict[str, object]:
    return {
        "created_at": format_timestamp(customer.created_at),
        "fields": {path: _to_field(value) for path, value in customer.fields.items()},
        "stated": {path: _to_field(value) for path, value in customer.stated.items()},
    }


def _from_profile(store_id: str, customer_id: str, profile: JsonObject) -> Customer:
    return Customer(
        store_id=store_id,
        customer_id=customer_id,
        created_at=stored_instant(profile["created_at"]),
        fields=_from_fields(profile["fields"]),
        stated=_from_fields(profile["stated"]),
    )


def _to_field(value: FieldValue) -> dict[str, object]:
    return {
        "value": value.value,
        "set_at": format_timestamp(value.set_at),
        "set_by": value.set_by,
    }


def _from_fields(fields: JsonValue) -> dict[str, FieldValue]:
    return {
        path: FieldValue(
            value=cast("StatedValue", field["value"]),
            set_at=stored_instant(field["set_at"]),
            set_by=str(field["set_by"]),
        )
        for path, field in cast("Mapping[str, JsonObject]", fields).items()
    }
