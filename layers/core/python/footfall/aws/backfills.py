"""The walk over a store's customers after a change of its segments, as its segment remembers it.

The customers are walked in 16 shards, each in the order of their keys. A shard's place moves by
compare and swap, so that of two walkers of the same shard one goes on and the other one stops.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, stored_instant, to_item
from footfall.aws.keys import (
    customer_key,
    split_customer_key,
    store_shard_keys,
)
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

BY_STORE_SHARD_INDEX = "by-store-shard"
BUILDING_INDEX = "building"
BUILDING = "building"
"""What stands in that index for every segment that is walked for."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One change of one segment that customers have to be caught up with.

    Attributes:
        number: of the segment.
        generation: the change.
    """

    store_id: str
    segment_id: str
    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Place:
    """How far a walk is in one shard.

    Attributes:
        done: how many customers it has passed.
        after: the last customer that it has passed; None before the first.
        is_finished: whether it has passed all.
        walker: who has brought it there, any text that nobody else has: by it a walker whose answer
            was lost knows its own step.
    """

    done: int = 0
    after: str | None = None
    is_finished: bool = False
    walker: str = ""


BEGINNING = Place()


@dataclass(frozen=True, slots=True)
class WalkProgress:
    """How far a walk is.

    Attributes:
        total: how many customers there were when it began; None until they were counted.
        places: by shard; a shard that is not there has not begun.
        is_deletion: whether the segment goes when everybody has left it.
    """

    total: int | None
    places: Mapping[int, Place]
    is_deletion: bool


def read_progress(walk: Walk) -> WalkProgress | None:
    """Return how far the walk is, or None when it is over or another change has taken its place."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.SEGMENTS_TABLE), Key=_key(walk), ConsistentRead=True
        )
    item = from_item(response.get("Item", {}))
    if "building" not in item or (item["number"], item["generation"]) != (
        walk.number,
        walk.generation,
    ):
        return None
    return _progress(item)


def running_walks() -> list[tuple[Walk, datetime]]:
    """Return the walks of every store that are not over, each with when it last got on."""
    with translated_errors("dynamodb.Query"):
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=read_setting(Setting.SEGMENTS_TABLE),
                IndexName=BUILDING_INDEX,
                KeyConditionExpression="building = :building",
                ExpressionAttributeValues=to_item({":building": BUILDING}),
            )
        )
        keys = [from_item(item) for page in pages for item in page["Items"]]
    return [walk for key in keys if (walk := _running_walk(str(key["pk"]), str(key["sk"])))]


def _running_walk(store_id: str, segment_id: str) -> tuple[Walk, datetime] | None:
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.SEGMENTS_TABLE),
            Key=to_item({"pk": store_id, "sk": segment_id}),
            ConsistentRead=True,
        )
    item = from_item(response.get("Item", {}))
    if "building" not in item:
        return None
    number, generation = (int(cast("int", item[name])) for name in ("number", "generation"))
    return Walk(store_id, segment_id, number, generation), stored_instant(item["progress_at"])


def count_customers(store_id: str) -> int:
    """Return how many customers the store has, as its index shows them."""
    total = 0
    for shard_key in store_shard_keys(store_id):
        with translated_errors("dynamodb.Query"):
            pages = (
                dynamodb()
                .get_paginator("query")
                .paginate(
                    TableName=read_setting(Setting.CUSTOMERS_TABLE),
                    IndexName=BY_STORE_SHARD_INDEX,
                    KeyConditionExpression="store_shard = :shard",
                    ExpressionAttributeValues=to_item({":shard": shard_key}),
                    Select="COUNT",
                )
            )
            total += sum(page["Count"] for page in pages)
    return total


def customers_after(store_id: str, shard: int, after: str | None, limit: int) -> list[str]:
    """Return up to so many customers of a shard, in the order of their keys."""
    condition, values = "store_shard = :shard", {":shard": store_shard_keys(store_id)[shard]}
    if after is not None:
        condition += " AND pk > :after"
        values[":after"] = customer_key(store_id, after)
    with translated_errors("dynamodb.Query"):
        response = dynamodb().query(
            TableName=read_setting(Setting.CUSTOMERS_TABLE),
            IndexName=BY_STORE_SHARD_INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            Limit=limit,
        )
    return [split_customer_key(str(from_item(item)["pk"]))[1] for item in response["Items"]]


def begin(walk: Walk, total: int, at: datetime) -> None:
    """Write down of how many customers the walk is.

    Raises:
        ConflictError: when the walk is over, or has begun before.
    """
    _update(
        walk,
        "SET #total = :total, progress = :nothing, progress_at = :at",
        " AND attribute_not_exists(#total)",
        {"#total": "total"},
        {":total": total, ":nothing": {}, ":at": format_timestamp(at)},
    )


def move(walk: Walk, shard: int, present: Place, following: Place, at: datetime) -> None:
    """Write down how far the walk is in a shard.

    Raises:
        ConflictError: when the walk is over, or somebody else walks the same shard.
    """
    values: dict[str, object] = {":place": _to_place(following), ":at": format_timestamp(at)}
    condition = " AND attribute_not_exists(progress.#shard)"
    if present != BEGINNING:
        condition = " AND progress.#shard = :present"
        values[":present"] = _to_place(present)
    _update(
        walk,
        "SET progress.#shard = :place, progress_at = :at",
        condition,
        {"#shard": str(shard)},
        values,
    )


def finish(walk: Walk) -> None:
    """Write down that every customer is decided.

    Raises:
        ConflictError: when the walk is over, or another change has taken its place.
    """
    _update(
        walk,
        "REMOVE building, progress, progress_at, #total",
        "",
        {"#total": "total"},
        {},
    )


def _update(
    walk: Walk,
    update: str,
    condition: str,
    names: Mapping[str, str],
    values: Mapping[str, object],
) -> None:
    with translated_errors("dynamodb.UpdateItem"):
        dynamodb().update_item(
            TableName=read_setting(Setting.SEGMENTS_TABLE),
            Key=_key(walk),
            UpdateExpression=update,
            ConditionExpression="#number = :number AND generation = :generation"
            f" AND attribute_exists(building){condition}",
            ExpressionAttributeNames={"#number": "number", **names},
            ExpressionAttributeValues=to_item(
                {":number": walk.number, ":generation": walk.generation, **values}
            ),
        )


def _key(walk: Walk) -> "dict[str, AttributeValueTypeDef]":
    return to_item({"pk": walk.store_id, "sk": walk.segment_id})


def _progress(item: JsonObject) -> WalkProgress:
    shards = cast("Mapping[str, JsonObject]", item.get("progress", {}))
    total = item.get("total")
    return WalkProgress(
        total=None if total is None else int(cast("int", total)),
        places={int(shard): _from_place(place) for shard, place in shards.items()},
        is_deletion="definition" not in item,
    )


def _to_place(place: Place) -> dict[str, object]:
    stored: dict[str, object] = {
        "done": place.done,
        "after": place.after,
        "finished": place.is_finished,
    }
    return {**stored, "walker": place.walker} if place.walker else stored


def _from_place(place: JsonObject) -> Place:
    after = place["after"]
    return Place(
        done=int(cast("int", place["done"])),
        after=None if after is None else str(after),
        is_finished=place["finished"] is True,
        walker=str(place.get("walker", "")),
    )
