"""The Customers table: profiles, written by compare and swap, and only when they change.

Whether a customer is merged or deleted is part of what is compared: whoever has read a customer
before that happened writes nothing any more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from footfall.aws.batches import get_all
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, stored_instant, to_attribute, to_item
from footfall.aws.keys import customer_key, split_customer_key, store_shard_key
from footfall.aws.swapping import swap
from footfall.aws.timeline import statements_since
from footfall.domain.customers import (
    BEGINNING,
    Customer,
    FieldValue,
    Position,
    Statement,
    first_unsettled,
    has_lost_a_beginning,
    may_lean_on,
    settle,
    with_stated,
)
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue, StatedValue
from footfall.errors import ConflictError, PermanentError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_ATTEMPTS = 20


class CustomerGoneError(ConflictError):
    """The customer was merged or deleted meanwhile: there is nobody to write about."""

    def __init__(self, customer: Customer) -> None:
        super().__init__("the customer was merged or deleted meanwhile")
        self.customer = customer


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
        CustomerGoneError: when the customer is merged or deleted.
        ConflictError: when others were faster again and again.
        PermanentError: when the profile has outgrown what one item may hold.
    """
    if present is not None and present.is_gone:
        raise CustomerGoneError(present)
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


def settle_first_events(store_id: str, customer_id: str, statements: Sequence[Statement]) -> None:
    """Settle what the first events of a customer say whom this worker has just made known.

    Nothing is read. Should anybody have written about the customer, this meets it in the write, and
    goes on as `settle_events` does. Should anybody write meanwhile who has found no profile, they
    meet this one in theirs, and see then to what they know.

    Args:
        statements: what the events say that this worker put on the timeline. Nothing but a merge or
            a deletion may take one away: whoever does finds no profile to settle without it.

    Raises:
        CustomerGoneError, ConflictError, PermanentError: as `settle_events`.
    """
    first_heard = min(statement.received_at for statement in statements)
    settled = settle(Customer(store_id, customer_id, first_heard), statements, BEGINNING)
    try:
        replace_customer(None, settled)
    except ConflictError:
        settle_events(store_id, customer_id, statements, read_customer(store_id, customer_id))


def settle_without(store_id: str, customer_id: str, position: Position) -> None:
    """Settle a profile again after the event that stood there was taken off the timeline.

    Nothing is written when nothing changes. The customer was heard of all the same.

    Raises:
        CustomerGoneError, ConflictError, PermanentError: as `settle_events`.
    """
    present = read_customer(store_id, customer_id)
    if present is None or not may_lean_on(present, position):
        return

    def known(stored: Customer | None) -> Customer:
        return stored or present

    _converge(store_id, customer_id, present, BEGINNING, known, anew=position)


def put_fields(
    store_id: str, customer_id: str, fields: Mapping[str, StatedValue], at: datetime, by: str
) -> Customer:
    """Settle what a call of the API says about a customer, and return the customer.

    Args:
        fields: the profile's new values, by path.
        at: the time of the call.
        by: the id of the call.

    Raises:
        CustomerGoneError, ConflictError, PermanentError: as `settle_events`.
    """
    calls = {path: FieldValue(value, at, by) for path, value in fields.items()}

    def called(stored: Customer | None) -> Customer:
        if stored is None:
            return Customer(store_id, customer_id, at, stated=calls)
        return replace(stored, stated={**stored.stated, **calls})

    present = read_customer(store_id, customer_id)
    return _converge(store_id, customer_id, present, (at, by), called)


def take_over(store_id: str, customer_id: str, merged: Customer) -> None:
    """Settle what calls of the API said about a customer who is merged into this one.

    Raises:
        CustomerGoneError, ConflictError, PermanentError: as `settle_events`.
    """
    if not merged.stated:
        return

    def heir(stored: Customer | None) -> Customer:
        known = stored or Customer(store_id, customer_id, merged.created_at)
        first_heard = min(known.created_at, merged.created_at)
        return with_stated(replace(known, created_at=first_heard), merged.stated)

    start = min(call.position for call in merged.stated.values())
    present = read_customer(store_id, customer_id)
    _converge(store_id, customer_id, present, start, heir)


def replace_customer(present: Customer | None, following: Customer) -> None:
    """Put the customer in the place of the one that was read, or of nobody.

    Raises:
        ConflictError: when somebody else has changed or created the customer since.
        PermanentError: when the profile has outgrown what one item may hold.
    """
    stored = None if present is None else _to_profile(present)
    try:
        swap(read_setting(Setting.CUSTOMERS_TABLE), to_customer_item(following), "profile", stored)
    except PermanentError as error:
        raise PermanentError("the customer's profile has no room for more") from error


def to_customer_item(customer: Customer) -> "dict[str, AttributeValueTypeDef]":
    """Return the item of a customer."""
    return to_item(
        {
            "pk": customer_key(customer.store_id, customer.customer_id),
            "store_shard": store_shard_key(customer.store_id, customer.customer_id),
            "profile": _to_profile(customer),
        }
    )


def profile_attribute(customer: Customer) -> "AttributeValueTypeDef":
    """Return the attribute that tells one state of a customer from another."""
    return to_attribute(_to_profile(customer))


def _converge(  # noqa: PLR0913  # whose profile it is, and from where on it is made anew
    store_id: str,
    customer_id: str,
    present: Customer | None,
    start: Position,
    prepare: Callable[[Customer | None], Customer],
    *,
    anew: Position | None = None,
) -> Customer:
    """Settle from `start` on, until the stored profile is what the timeline says.

    After each write the timeline is read once more. Whoever put a later event meanwhile either
    read the profile after this write, or is seen by that last reading; so nobody is overlooked.
    Nor is an event that was replaced meanwhile: whoever took it away reads the profile after that,
    or it is missing in that last reading. What held before it is known to the timeline alone, so
    that everything is read then.
    """
    anew = anew or start
    told: set[str] = set()
    for _ in range(_ATTEMPTS):
        if present is not None and present.is_gone:
            raise CustomerGoneError(present)
        prepared = prepare(present)
        statements = statements_since(store_id, customer_id, start)
        if start != BEGINNING and (
            told.difference(one.by for one in statements)
            or has_lost_a_beginning(prepared, statements, anew)
        ):
            start = BEGINNING
            statements = statements_since(store_id, customer_id, start)
        told.update(one.by for one in statements)
        settled = settle(prepared, statements, start, anew)
        if settled == present:
            return settled
        try:
            replace_customer(present, settled)
        except ConflictError:
            present = read_customer(store_id, customer_id)
        else:
            present = settled
    raise ConflictError("the customer's profile is contended")


def _to_profile(customer: Customer) -> dict[str, object]:
    deleted_at = customer.deleted_at
    gone: dict[str, object] = {
        "merged_into": customer.merged_into,
        "moved": customer.has_moved or None,
        "deleted_at": None if deleted_at is None else format_timestamp(deleted_at),
    }
    return {
        "created_at": format_timestamp(customer.created_at),
        "fields": {path: _to_field(value) for path, value in customer.fields.items()},
        "stated": {path: _to_field(value) for path, value in customer.stated.items()},
        **{name: value for name, value in gone.items() if value is not None},
    }


def _from_profile(store_id: str, customer_id: str, profile: JsonObject) -> Customer:
    return Customer(
        store_id=store_id,
        customer_id=customer_id,
        created_at=stored_instant(profile["created_at"]),
        fields=_from_fields(profile["fields"]),
        stated=_from_fields(profile["stated"]),
        merged_into=cast("str | None", profile.get("merged_into")),
        has_moved="moved" in profile,
        deleted_at=stored_instant(profile["deleted_at"]) if "deleted_at" in profile else None,
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
