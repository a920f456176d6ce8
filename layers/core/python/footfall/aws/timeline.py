"""The Events table: every customer's timeline, one item an event.

An item carries what its key does not: the store and the customer are the partition key, the time
and the event id are the sort key, and the fewer bytes an event takes the fewer write units it
costs. A body too large for an item stands in S3, and the item points to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from footfall.aws.batches import put_all
from footfall.aws.bodies import delete_body, read_body, write_body
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, stored_instant, to_item
from footfall.aws.keys import (
    body_object_key,
    customer_key,
    split_customer_key,
    split_timeline_key,
    timeline_bound,
    timeline_key,
)
from footfall.domain.catalogue import catalogued
from footfall.domain.customers import Position, Statement
from footfall.domain.events import STORE_SCOPE, Event, UniqueRule
from footfall.domain.properties import property_type
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue, StatedValue
from footfall.errors import MissingError, PermanentError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from decimal import Decimal

    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
    )

_BEFORE_ALL, _AFTER_ALL = "0", ":"  # the neighbours of the digits, with which every key starts
_FIRST_PAGE = 32
_PAGE_GROWTH = 4
"""Whoever takes a few events reads few; whoever takes all of them soon reads full pages of 1 MB."""

MAX_INLINE_BYTES = 64 * 1024
"""A body with more JSON than this goes to S3. An item may take 400 KB, but lists of numbers take
twice their JSON there, and a hundred times their JSON in the memory of whoever puts them."""

_MOST_BYTES_OF_CHARACTER = 6


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event and the customer on whose timeline it stands.

    Attributes:
        moved_from: the customer on whose timeline it stood first; None when it is new.
    """

    event: Event
    customer_id: str
    moved_from: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Return the store, the customer, and where on the timeline it stands."""
        return self.event.store_id, self.customer_id, timeline_key(self.event)


def write_events(placed: Sequence[PlacedEvent]) -> dict[str, PermanentError]:
    """Put the events on their timelines; return those that can never be stored, by event id.

    Putting an event again changes nothing, as its key and its item are functions of it.

    Raises:
        TransientError: when some were left unprocessed; all may be written again.
    """
    distinct = {one.key: one for one in placed}
    refused: dict[str, PermanentError] = {}

    def items() -> "Iterator[dict[str, AttributeValueTypeDef]]":
        for (_, _, sort_key), one in distinct.items():
            try:
                item = _to_item(one, sort_key)
            except PermanentError as error:
                refused[one.event.event_id] = error
            else:
                yield item

    for item, reason in put_all(read_setting(Setting.EVENTS_TABLE), items()):
        refused[split_timeline_key(item["sk"]["S"])[1]] = reason
    return refused


def write_event_while(placed: PlacedEvent, check: "TransactWriteItemTypeDef") -> None:
    """Put one event on its timeline, in one transaction with the check of a condition.

    Raises:
        ConflictError: when the condition does not hold, or another writer is at the same items.
        PermanentError: when the event can never be stored.
    """
    put_item_while(_to_item(placed, timeline_key(placed.event)), check)


def put_item_while(
    item: "Mapping[str, AttributeValueTypeDef]", check: "TransactWriteItemTypeDef"
) -> None:
    """Put the item of an event as it is, in one transaction with the check of a condition.

    Raises:
        ConflictError, PermanentError: as `write_event_while`.
    """
    with translated_errors("dynamodb.TransactWriteItems"):
        dynamodb().transact_write_items(
            TransactItems=[
                check,
                {"Put": {"TableName": read_setting(Setting.EVENTS_TABLE), "Item": item}},
            ]
        )


def delete_event(store_id: str, customer_id: str, sort_key: str) -> None:
    """Take an event off the customer's timeline, if it stands there; its body stays."""
    with translated_errors("dynamodb.DeleteItem"):
        dynamodb().delete_item(
            TableName=read_setting(Setting.EVENTS_TABLE),
            Key=to_item({"pk": customer_key(store_id, customer_id), "sk": sort_key}),
        )


def delete_stray_body(placed: PlacedEvent) -> None:
    """Delete the body that an event left in the bucket without getting onto its timeline."""
    event, customer_id = placed.event, placed.customer_id
    if not _is_large(_body_of(event)):
        return
    if not event_is_stored(event.store_id, customer_id, timeline_key(event)):
        delete_body(body_object_key(event.store_id, event.event_id))


def event_is_stored(store_id: str, customer_id: str, sort_key: str) -> bool:
    """Tell whether the event stands on the customer's timeline."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.EVENTS_TABLE),
            Key=to_item({"pk": customer_key(store_id, customer_id), "sk": sort_key}),
            ConsistentRead=True,
            ProjectionExpression="pk",
        )
    return "Item" in response


def statements_since(store_id: str, customer_id: str, start: Position) -> list[Statement]:
    """Return what the events at or after `start` say about their customer, in order of time."""
    instant, event_id = start
    values = {":customer": customer_key(store_id, customer_id), ":start": timeline_bound(instant)}
    items = _query(
        {
            "TableName": read_setting(Setting.EVENTS_TABLE),
            "KeyConditionExpression": "pk = :customer AND sk >= :start",
            "ExpressionAttributeValues": to_item(values),
            "ConsistentRead": True,
            "ProjectionExpression": "sk, received_at, #profile",
            "ExpressionAttributeNames": {"#profile": "profile"},
        }
    )
    statements = [to_statement(item) for item in items if "profile" in item]
    return [one for one in statements if one.position >= (instant, event_id)]


def newest_events(  # noqa: PLR0913  # the filters of one list
    store_id: str,
    customer_id: str,
    *,
    event_name: str | None,
    start: datetime | None,
    end: datetime | None,
    before: str | None,
    expected: int,
) -> Iterator[Event]:
    """Yield the customer's events, newest first, reading no further than the caller takes them.

    Args:
        event_name: only events of this name.
        start: only events at or after it.
        end: only events before it.
        before: only events that stand before this timeline key.
        expected: how many events the caller will take at most.
    """
    lower = timeline_bound(start) if start else _BEFORE_ALL
    upper = min(before or _AFTER_ALL, timeline_bound(end) if end else _AFTER_ALL)
    if lower > upper:
        return
    values = {
        ":customer": customer_key(store_id, customer_id),
        ":lower": lower,
        ":upper": upper,
    }
    query: QueryInputTypeDef = {
        "TableName": read_setting(Setting.EVENTS_TABLE),
        "KeyConditionExpression": "pk = :customer AND sk BETWEEN :lower AND :upper",
        "ScanIndexForward": False,
        "ConsistentRead": True,  # what was said to be stored is there
    }
    if event_name is None:
        query["Limit"] = expected + 1  # `before` itself is read, too
    else:
        values[":name"] = event_name
        query["FilterExpression"] = "event_name = :name"
    query["ExpressionAttributeValues"] = to_item(values)
    for item in _query(query):
        if item["sk"] != before:
            yield from _still_there(item)


def events_between(  # noqa: PLR0913  # the bounds of one list
    store_id: str,
    customer_id: str,
    *,
    start: datetime | None,
    end: datetime | None = None,
    newest_first: bool = False,
    beyond: str | None = None,
    is_asked: Callable[[str], bool],
) -> Iterator[Event]:
    """Yield the customer's events in either order, reading little further than they are taken.

    Args:
        start: only events at or after it; None for all.
        end: only events before it; None for all.
        newest_first: else oldest first.
        beyond: only events that stand behind this timeline key, in the order asked for.
        is_asked: tells by an event's name whether it is wanted.
    """
    lower = timeline_bound(start) if start else _BEFORE_ALL
    upper = timeline_bound(end) if end else _AFTER_ALL
    if beyond is not None:
        lower, upper = (lower, min(upper, beyond)) if newest_first else (max(lower, beyond), upper)
    if lower > upper:
        return
    values = {
        ":customer": customer_key(store_id, customer_id),
        ":lower": lower,
        ":upper": upper,
    }
    query: QueryInputTypeDef = {
        "TableName": read_setting(Setting.EVENTS_TABLE),
        "KeyConditionExpression": "pk = :customer AND sk BETWEEN :lower AND :upper",
        "ExpressionAttributeValues": to_item(values),
        "ScanIndexForward": not newest_first,
        "ConsistentRead": True,
        "Limit": _FIRST_PAGE,
    }
    for item in _query(query, growth=_PAGE_GROWTH):
        if item["sk"] != beyond and is_asked(str(item["event_name"])):
            yield from _still_there(item)


def read_event(store_id: str, customer_id: str, sort_key: str) -> Event | None:
    """Return the event that stands there on the customer's timeline, or None."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.EVENTS_TABLE),
            Key=to_item({"pk": customer_key(store_id, customer_id), "sk": sort_key}),
            ConsistentRead=True,
        )
    if "Item" not in response:
        return None
    return next(_still_there(from_item(response["Item"])), None)


def _still_there(item: JsonObject) -> Iterator[Event]:
    """Yield the event, unless it was deleted since its item was read: its body goes last."""
    with suppress(MissingError):
        yield to_event(item)


def _query(query: "QueryInputTypeDef", *, growth: int = 1) -> Iterator[dict[str, JsonValue]]:
    while True:
        with translated_errors("dynamodb.Query"):
            response = dynamodb().query(**query)
        for item in response["Items"]:
            yield from_item(item)
        if "LastEvaluatedKey" not in response:
            return
        query["ExclusiveStartKey"] = response["LastEvaluatedKey"]
        if "Limit" in query:
            query["Limit"] *= growth


def _to_item(placed: PlacedEvent, sort_key: str) -> "dict[str, AttributeValueTypeDef]":
    event = placed.event
    body = _body_of(event)
    if _is_large(body):
        key = body_object_key(event.store_id, event.event_id)
        write_body(key, dump_json(body))
        types = {name: property_type(value) for name, value in event.data.items()}
        body = {"body_object": key, "property_types": catalogued(types)}
    return to_item(
        {
            "pk": customer_key(event.store_id, placed.customer_id),
            "sk": sort_key,
            "event_name": event.event_name,
            "received_at": format_timestamp(event.received_at),
            "source": event.source,
            "profile": event.profile or None,
            "value": event.value,
            "value_currency": event.value_currency,
            "unique_id": event.unique_id,
            "moved_from": placed.moved_from,
            **_uniqueness_of(event),
            **body,
        }
    )


def _body_of(event: Event) -> dict[str, object]:
    return {
        "data": event.data or None,
        "extra": None if event.extra is None else dump_json(event.extra),
    }


def _is_large(body: Mapping[str, object]) -> bool:
    """Tell whether the JSON of the body takes too many bytes; most are not worth writing it.

    Nothing takes more than six bytes for each character by which Python shows it.
    """
    if len(repr(body)) <= MAX_INLINE_BYTES // _MOST_BYTES_OF_CHARACTER:
        return False
    return len(dump_json(body).encode()) > MAX_INLINE_BYTES


def _uniqueness_of(event: Event) -> dict[str, object]:
    """Return what is not as Redo's contract has it, of an event with a unique id."""
    if event.unique_id is None:
        return {}
    has_scope = event.unique_scope != STORE_SCOPE
    has_rule = event.unique_rule is not UniqueRule.FIRST
    return {
        "unique_scope": event.unique_scope if has_scope else None,
        "unique_rule": str(event.unique_rule) if has_rule else None,
    }


def to_event(item: JsonObject) -> Event:
    """Return the event of an item; a body that is too large for it is read from the bucket."""
    store_id, _ = split_customer_key(str(item["pk"]))
    timestamp, event_id = split_timeline_key(str(item["sk"]))
    body = item
    if "body_object" in item:
        body = cast("JsonObject", parse_json(read_body(str(item["body_object"]))))
    extra = body.get("extra")
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=str(item["event_name"]),
        event_timestamp=stored_instant(timestamp),
        received_at=stored_instant(str(item["received_at"])),
        source=str(item["source"]),
        identifiers=(),
        profile=cast("Mapping[str, StatedValue]", item.get("profile", {})),
        data=cast("JsonObject", body.get("data") or {}),
        extra=None if extra is None else parse_json(str(extra)),
        value=cast("Decimal | None", item.get("value")),
        value_currency=cast("str | None", item.get("value_currency")),
        unique_id=cast("str | None", item.get("unique_id")),
        unique_scope=str(item.get("unique_scope", STORE_SCOPE)),
        unique_rule=UniqueRule(str(item.get("unique_rule", UniqueRule.FIRST))),
    )


def to_statement(item: JsonObject) -> Statement:
    """Return what the event of an item says about its customer."""
    timestamp, event_id = split_timeline_key(str(item["sk"]))
    return Statement(
        at=stored_instant(timestamp),
        by=event_id,
        received_at=stored_instant(str(item["received_at"])),
        fields=cast("Mapping[str, StatedValue]", item.get("profile", {})),
    )
