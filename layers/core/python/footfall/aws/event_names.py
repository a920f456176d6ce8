"""The EventNames table: the catalogue, one item an event name, written by compare and swap."""

from collections.abc import Mapping, Sequence
from typing import cast

from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, stored_instant, to_item
from footfall.aws.swapping import swap
from footfall.domain.catalogue import CountedBatch, EventName, Sighting, count_sightings
from footfall.domain.properties import PropertyType
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject
from footfall.errors import ConflictError
from footfall.settings import Setting, read_setting

_ATTEMPTS = 20


def record_sightings(
    store_id: str, name: str, first_record: int, sightings: Sequence[Sighting]
) -> None:
    """Count the events of one name in a batch of the stream; those counted before change nothing.

    Args:
        first_record: the sequence number of the batch's first record.

    Raises:
        ConflictError: when others were faster again and again.
    """
    for _ in range(_ATTEMPTS):
        present = read_event_name(store_id, name)
        counted = count_sightings(name, present, first_record, sightings)
        if counted is None or counted == present:
            return
        try:
            swap(
                read_setting(Setting.EVENT_NAMES_TABLE),
                to_item(_to_attributes(store_id, counted)),
                "count",  # every change adds to it
                present.count if present else None,
            )
        except ConflictError:
            continue
        return
    raise ConflictError("the event name is contended")


def read_event_name(store_id: str, name: str) -> EventName | None:
    """Return the entry of a name as stored now, or None."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.EVENT_NAMES_TABLE),
            Key=to_item({"pk": store_id, "sk": name}),
            ConsistentRead=True,
        )
    return _from_item(from_item(response["Item"])) if "Item" in response else None


def page_of_event_names(
    store_id: str, *, after: str | None, limit: int
) -> tuple[list[EventName], str | None]:
    """Return up to `limit` entries by name, and the name after which to go on, or None at the end.

    Args:
        after: the name with which the page before ended.
    """
    with translated_errors("dynamodb.Query"):
        response = dynamodb().query(
            TableName=read_setting(Setting.EVENT_NAMES_TABLE),
            KeyConditionExpression="pk = :store AND sk > :after" if after else "pk = :store",
            ExpressionAttributeValues=to_item({":store": store_id, ":after": after}),
            Limit=limit + 1,
        )
    items = response["Items"]
    entries = [_from_item(from_item(item)) for item in items[:limit]]
    there_is_more = len(items) > limit or "LastEvaluatedKey" in response
    return entries, entries[-1].name if there_is_more else None


def _to_attributes(store_id: str, entry: EventName) -> dict[str, object]:
    return {
        "pk": store_id,
        "sk": entry.name,
        "count": entry.count,
        "first_seen": format_timestamp(entry.first_seen),
        "last_seen": format_timestamp(entry.last_seen),
        "properties": {name: sorted(types) for name, types in entry.properties.items()},
        "counted": [[str(batch.first_record), str(batch.last_sighting)] for batch in entry.counted],
    }


def _from_item(item: JsonObject) -> EventName:
    return EventName(
        name=str(item["sk"]),
        count=int(cast("int", item["count"])),
        first_seen=stored_instant(item["first_seen"]),
        last_seen=stored_instant(item["last_seen"]),
        properties={
            name: frozenset(map(PropertyType, types))
            for name, types in cast("Mapping[str, Sequence[str]]", item["properties"]).items()
        },
        counted=tuple(
            CountedBatch(int(first_record), int(last_sighting))
            for first_record, last_sighting in cast("Sequence[Sequence[str]]", item["counted"])
        ),
    )
