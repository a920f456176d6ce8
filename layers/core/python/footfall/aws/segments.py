"""The Segments table, read: the segments of each store, and the generation that counts changes.

What changed last stands beside the generation. A reader that sees the one and not the other has met
the transaction that writes both half-way, and reads again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from footfall.aws.attempts import attempts
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.definition_cache import DefinitionCache
from footfall.aws.items import from_item, stored_instant, to_item
from footfall.aws.keys import generation_sort_key
from footfall.domain.timestamps import to_microseconds
from footfall.domain.values import JsonObject, JsonValue
from footfall.errors import ConflictError
from footfall.segments.segment import Segment
from footfall.settings import Setting, read_setting

_ATTEMPTS = 5
_DEFINITIONS = DefinitionCache()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the walk over the store's customers is.

    Attributes:
        done: how many customers it has passed.
        total: of how many; None until they were counted.
    """

    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment, and what is stored beside it.

    Attributes:
        definition_text: canonical JSON; None when it is being deleted.
        updated_at: when its name or its definition was last changed.
        building: None once every customer is decided on it.
    """

    segment: Segment
    definition_text: str | None
    created_at: datetime
    updated_at: datetime
    building: Progress | None


def read_generation(store_id: str) -> int:
    """Return the generation of the store's segments as of now; 0 before the first of them."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.SEGMENTS_TABLE),
            Key=to_item({"pk": store_id, "sk": generation_sort_key()}),
            ConsistentRead=True,
        )
    return _number(from_item(response["Item"])["generation"]) if "Item" in response else 0


def read_segments(store_id: str) -> tuple[int, list[Segment]]:
    """Return a generation and all segments as of it, those that are being deleted included.

    Raises:
        ConflictError: when they changed again and again while they were read.
    """
    generation, stored = read_stored_segments(store_id)
    return generation, [one.segment for one in stored.values()]


def read_stored_segments(store_id: str) -> tuple[int, dict[str, StoredSegment]]:
    """Return a generation and all segments as of it, by id.

    Raises:
        ConflictError: as `read_segments`.
    """
    for _ in attempts(_ATTEMPTS):
        items = _all_items(store_id)
        counter = items.pop(generation_sort_key(), {})
        stored = {segment_id: _from_item(item) for segment_id, item in items.items()}
        if _is_whole(counter, stored):
            return _number(counter.get("generation", 0)), stored
    raise ConflictError("the store's segments are changing")


def read_segment(store_id: str, segment_id: str) -> StoredSegment | None:
    """Return the segment as stored now, or None; one that is being deleted is still there."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.SEGMENTS_TABLE),
            Key=to_item({"pk": store_id, "sk": segment_id}),
            ConsistentRead=True,
        )
    return _from_item(from_item(response["Item"])) if "Item" in response else None


def page_of_segments(
    store_id: str, *, after: str | None, limit: int
) -> tuple[list[StoredSegment], str | None]:
    """Return up to `limit` segments by id, and the id after which to go on, or None at the end.

    Those that are being deleted are left out. What DynamoDB reads at once, 1 MB, is a page as well.

    Args:
        after: the id with which the page before ended.
    """
    found: list[StoredSegment] = []
    beginning = after or generation_sort_key()
    while True:
        wanted = limit + 1 - len(found)
        with translated_errors("dynamodb.Query"):
            response = dynamodb().query(
                TableName=read_setting(Setting.SEGMENTS_TABLE),
                KeyConditionExpression="pk = :store AND sk > :beginning",
                FilterExpression="attribute_exists(#definition)",
                ExpressionAttributeNames={"#definition": "definition"},
                ExpressionAttributeValues=to_item({":store": store_id, ":beginning": beginning}),
                ConsistentRead=True,
                Limit=wanted,
            )
        found += [_from_item(from_item(item)) for item in response["Items"]]
        if len(found) > limit:
            return found[:limit], found[limit - 1].segment.segment_id
        if "LastEvaluatedKey" not in response:
            return found, None
        beginning = str(from_item(response["LastEvaluatedKey"])["sk"])
        if found and response["ScannedCount"] < wanted:
            return found, beginning


def _all_items(store_id: str) -> dict[str, JsonObject]:
    """Return everything of a store by sort key, the generation read first."""
    with translated_errors("dynamodb.Query"):
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=read_setting(Setting.SEGMENTS_TABLE),
                KeyConditionExpression="pk = :store",
                ExpressionAttributeValues=to_item({":store": store_id}),
                ConsistentRead=True,
            )
        )
        items = [from_item(item) for page in pages for item in page["Items"]]
    return {str(item["sk"]): item for item in items}


def _is_whole(counter: JsonObject, stored: Mapping[str, StoredSegment]) -> bool:
    """Tell whether the segments are those of the generation: nothing later, and its own change.

    Every writer has read the generation before as a whole, so earlier changes are there too.
    """
    generation = _number(counter.get("generation", 0))
    if any(one.segment.generation > generation for one in stored.values()):
        return False
    changed = counter.get("changed")
    if changed is None:
        return True
    present = stored.get(str(changed))
    if present is None:  # rightly so, if everybody has left it
        return counter.get("deletes") is True
    return present.segment.generation == generation


def _from_item(item: JsonObject) -> StoredSegment:
    text = item.get("definition")
    stored_at = stored_instant(item["stored_at"])
    return StoredSegment(
        segment=Segment(
            segment_id=str(item["sk"]),
            name=str(item["name"]),
            number=_number(item["number"]),
            generation=_number(item["generation"]),
            definition=None if text is None else _DEFINITIONS.definition_of(str(text)),
            outset=item["outset"] is True,
            stored_at=to_microseconds(stored_at),
        ),
        definition_text=None if text is None else str(text),
        created_at=stored_instant(item["created_at"]),
        updated_at=stored_instant(item["renamed_at"]) if "renamed_at" in item else stored_at,
        building=_progress(item) if "building" in item else None,
    )


def _progress(item: JsonObject) -> Progress:
    shards = cast("Mapping[str, JsonObject]", item.get("progress", {}))
    return Progress(
        done=sum(_number(shard["done"]) for shard in shards.values()),
        total=_number(item["total"]) if "total" in item else None,
    )


def _number(value: JsonValue) -> int:
    return int(cast("int", value))
