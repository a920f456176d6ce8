"""Stored events as the event bus is told of them, made of what the table holds and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from footfall.aws.event_bus import (
    HIGHEST_INTEGER,
    LOWEST_INTEGER,
    MAX_ENTRY_BYTES,
    BusEntry,
    DetailType,
)
from footfall.aws.items import stored_instant
from footfall.aws.keys import split_customer_key, split_timeline_key
from footfall.domain.strict_json import parse_json
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from datetime import datetime


def stored_event(item: JsonObject) -> BusEntry:
    """Return what the bus is told of a stored event.

    Nothing is read for it: data that lie in the bucket do not go along, nor do such as the bus
    cannot carry.

    Raises:
        PermanentError, KeyError, TypeError, ValueError: when the item is no stored event.
    """
    store_id, customer_id = split_customer_key(str(item["pk"]))
    timestamp, event_id = split_timeline_key(str(item["sk"]))
    received_at = stored_instant(item["received_at"])
    document: dict[str, JsonValue] = {
        "eventId": event_id,
        "storeId": store_id,
        "customerId": customer_id,
        "eventName": item["event_name"],
        "eventTimestamp": format_timestamp(stored_instant(timestamp)),
        "receivedAt": format_timestamp(received_at),
        "source": item["source"],
    }
    properties = _properties(item)
    carried = {name: one for name, one in properties.items() if all(map(_fits, _numbers(one)))}
    if "body_object" in item or len(carried) < len(properties):
        document["dataOmitted"] = True
    entry = _entry(received_at, {**document, **carried})
    if entry.size <= MAX_ENTRY_BYTES:
        return entry
    carried.pop("data", None)
    return _entry(received_at, {**document, **carried, "dataOmitted": True})


def _entry(received_at: "datetime", document: JsonObject) -> BusEntry:
    return BusEntry.of(DetailType.EVENT_STORED, received_at, document)


def _properties(item: JsonObject) -> JsonObject:
    data = dict(cast("JsonObject", item.get("data", {})))
    if "extra" in item:
        data["$extra"] = parse_json(str(item["extra"]))
    properties: JsonObject = {
        "data": data or None,
        "value": item.get("value"),
        "valueCurrency": item.get("value_currency"),
        "uniqueId": item.get("unique_id"),
    }
    return {name: value for name, value in properties.items() if value is not None}


def _numbers(value: JsonValue) -> Iterator[int | Decimal]:
    if isinstance(value, (int, Decimal)):
        yield value
    elif isinstance(value, Mapping):
        for element in value.values():
            yield from _numbers(element)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for element in value:
            yield from _numbers(element)


def _fits(number: int | Decimal) -> bool:
    return LOWEST_INTEGER <= number <= HIGHEST_INTEGER or number != int(number)
