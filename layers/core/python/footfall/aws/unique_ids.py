"""The UniqueIds table: the marker that makes an event the only one of its id in its scope.

Where the first event counts, the first to put its marker keeps it for ever. It may put it again,
which is how a redelivery finishes what a crash left undone. An event that went to the dead-letter
queue leaves its reason in its marker. It gives the id free if its marker names no place on a
timeline, as then nothing of it was stored; otherwise the id stays with it until it is driven again.

Where the last event counts, an event takes the marker over from every event accepted before it,
and from none accepted after it. The marker then also names the places of those it replaces, until
they are gone.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from footfall.aws.attempts import attempts
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, to_item
from footfall.aws.keys import (
    customer_scope,
    split_customer_key,
    split_timeline_key,
    timeline_key,
    unique_id_key,
)
from footfall.domain.events import STORE_SCOPE, Event, UniqueRule
from footfall.domain.values import JsonObject, JsonValue
from footfall.errors import ConflictError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_FREE_OR_MINE = "attribute_not_exists(pk) OR event_id = :mine"
_NO_PLACE = "attribute_not_exists(timeline_key)"
_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands, or may stand."""

    customer_id: str
    timeline_key: str

    @property
    def event_id(self) -> str:
        """Return the id of the event that stands there."""
        return split_timeline_key(self.timeline_key)[1]


@dataclass(frozen=True, slots=True)
class Marker:
    """Who holds a unique id.

    Attributes:
        customer_id, timeline_key: where the event stands, or will; empty when it died before.
        dead_reason: why it went to the dead-letter queue, or None.
        replaces: where the last event counts, the places of those before it that may still stand.
            Its own are among them if it was to stand on another timeline at first.
    """

    event_id: str
    customer_id: str
    timeline_key: str
    dead_reason: str | None
    replaces: Sequence[Place] = ()

    @property
    def places(self) -> Sequence[Place]:
        """Return every place at which an event of this id may stand."""
        here = [Place(self.customer_id, self.timeline_key)] if self.timeline_key else []
        return [*here, *self.replaces]


def read_marker(store_id: str, scope: str, unique_id: str) -> Marker | None:
    """Return the marker of a unique id, or None when no event has come to it yet."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.UNIQUE_IDS_TABLE),
            Key=to_item({"pk": unique_id_key(store_id, scope, unique_id)}),
            ConsistentRead=True,
        )
    if "Item" not in response:
        return None
    item = from_item(response["Item"])
    reason = item.get("dead_reason")
    return Marker(
        event_id=str(item["event_id"]),
        customer_id=str(item.get("customer_id", "")),
        timeline_key=str(item.get("timeline_key", "")),
        dead_reason=None if reason is None else str(reason),
        replaces=_to_places(item.get("replaces", [])),
    )


def scope_of(event: Event, customer_id: str) -> str:
    """Return the scope of the event's unique id, which may be its customer's own."""
    if event.unique_rule is UniqueRule.FIRST_OF_CUSTOMER:
        return customer_scope(event.unique_scope, customer_id, event.event_name)
    return event.unique_scope


def claim_unique_id(event: Event, unique_id: str, customer_id: str) -> bool:
    """Return whether this event holds its unique id, now or since an earlier delivery of it."""
    return _claim(
        unique_id_key(event.store_id, scope_of(event, customer_id), unique_id),
        event.event_id,
        Place(customer_id, timeline_key(event)),
    )


def unique_id_is_taken(event: Event, unique_id: str, customer_id: str) -> bool:
    """Tell whether another event holds the unique id, changing nothing."""
    marker = read_marker(event.store_id, scope_of(event, customer_id), unique_id)
    return marker is not None and marker.event_id != event.event_id and bool(marker.timeline_key)


def claim_for_new_owner(item: JsonObject, customer_id: str) -> None:
    """Put the marker of a stored event in the scope of a customer who takes it over.

    Nothing happens when the event has no id of its customer's scope, or the id is taken there:
    both events were the first of their customers then.

    Args:
        item: the event's item in the Events table.
    """
    if item.get("unique_rule") != UniqueRule.FIRST_OF_CUSTOMER:
        return
    store_id, _ = split_customer_key(str(item["pk"]))
    scope = customer_scope(_scope_in(item), customer_id, str(item["event_name"]))
    place = Place(customer_id, str(item["sk"]))
    _claim(unique_id_key(store_id, scope, str(item["unique_id"])), place.event_id, place)


def take_over(event: Event, unique_id: str, customer_id: str) -> Sequence[Place] | None:
    """Make the event the present one of its unique id, unless one accepted later has come to it.

    Returns:
        The places of the events it replaces, which have to go, or None when it is too late itself.

    Raises:
        ConflictError: when others were faster again and again.
    """
    mine = Place(customer_id, timeline_key(event))
    for _ in attempts(_ATTEMPTS):
        present = read_marker(event.store_id, event.unique_scope, unique_id)
        known = () if present is None else present.places
        if any(place.event_id > event.event_id for place in known):
            return None
        others = [place for place in known if place != mine]
        try:
            if not _is_marked(present, mine):
                _put_marker(event, unique_id, mine, others, present)
        except ConflictError:
            continue
        return [place for place in others if place.event_id != event.event_id]
    raise ConflictError("the event's unique id is contended")


def forget_replaced(event: Event, unique_id: str, gone: Sequence[Place]) -> None:
    """Take places that hold nothing any more out of the event's marker, if it is still its own."""
    present = read_marker(event.store_id, event.unique_scope, unique_id)
    if present is None or present.event_id != event.event_id or not present.timeline_key:
        return
    left = [place for place in present.replaces if place not in gone]
    with suppress(ConflictError):  # another has replaced the event, and sees to the places itself
        here = Place(present.customer_id, present.timeline_key)
        _put_marker(event, unique_id, here, left, present)


def is_present(
    store_id: str, scope: str, unique_id: str, event_id: str
) -> "TransactWriteItemTypeDef":
    """Return the part of a transaction that checks that no other event has replaced this one.

    A marker without a place is of an event that died, and so replaces nothing.
    """
    return {
        "ConditionCheck": {
            "TableName": read_setting(Setting.UNIQUE_IDS_TABLE),
            "Key": to_item({"pk": unique_id_key(store_id, scope, unique_id)}),
            "ConditionExpression": f"event_id = :mine OR {_NO_PLACE}",
            "ExpressionAttributeValues": to_item({":mine": event_id}),
        }
    }


def item_is_present(item: JsonObject) -> "TransactWriteItemTypeDef | None":
    """Return the same check for an event's item; None for one that no other can replace."""
    if item.get("unique_rule") != UniqueRule.LAST:
        return None
    store_id, _ = split_customer_key(str(item["pk"]))
    _, event_id = split_timeline_key(str(item["sk"]))
    return is_present(store_id, _scope_in(item), str(item["unique_id"]), event_id)


def item_is_replaced(item: JsonObject) -> bool:
    """Tell whether another event has the unique id of an event of which the last one counts."""
    store_id, _ = split_customer_key(str(item["pk"]))
    _, event_id = split_timeline_key(str(item["sk"]))
    marker = read_marker(store_id, _scope_in(item), str(item["unique_id"]))
    return marker is not None and marker.event_id != event_id and bool(marker.timeline_key)


def mark_dead(  # noqa: PLR0913  # four of them name one event
    store_id: str, scope: str, unique_id: str, event_id: str, reason: str, *, may_stand: bool
) -> None:
    """Note that this event died, unless another holds the id.

    Args:
        may_stand: an earlier delivery may have stored the event: it keeps the place it has found.
    """
    forget_place = "" if may_stand else " REMOVE customer_id, timeline_key"
    with suppress(ConflictError), translated_errors("dynamodb.UpdateItem"):
        dynamodb().update_item(
            TableName=read_setting(Setting.UNIQUE_IDS_TABLE),
            Key=to_item({"pk": unique_id_key(store_id, scope, unique_id)}),
            UpdateExpression=f"SET event_id = :mine, dead_reason = :reason{forget_place}",
            ConditionExpression=_FREE_OR_MINE,
            ExpressionAttributeValues=to_item({":mine": event_id, ":reason": reason}),
        )


def _claim(key: str, event_id: str, place: Place) -> bool:
    try:
        with translated_errors("dynamodb.PutItem"):
            dynamodb().put_item(
                TableName=read_setting(Setting.UNIQUE_IDS_TABLE),
                Item=to_item({"pk": key, "event_id": event_id, **_to_attributes(place)}),
                ConditionExpression=f"{_FREE_OR_MINE} OR {_NO_PLACE}",
                ExpressionAttributeValues=to_item({":mine": event_id}),
            )
    except ConflictError:
        return False
    return True


def _is_marked(present: Marker | None, place: Place) -> bool:
    return (
        present is not None
        and Place(present.customer_id, present.timeline_key) == place
        and present.dead_reason is None
    )


def _put_marker(
    event: Event, unique_id: str, place: Place, others: Sequence[Place], present: Marker | None
) -> None:
    """Put the marker of an event that replaces others, if the present one is as it was read."""
    item = {
        "pk": unique_id_key(event.store_id, event.unique_scope, unique_id),
        "event_id": event.event_id,
        **_to_attributes(place),
        "replaces": [_to_attributes(other) for other in others] or None,
    }
    table = read_setting(Setting.UNIQUE_IDS_TABLE)
    if present is None:
        with translated_errors("dynamodb.PutItem"):
            dynamodb().put_item(
                TableName=table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(pk)",
            )
        return
    read = {
        "event_id": present.event_id,
        "customer_id": present.customer_id or None,
        "replaces": [_to_attributes(other) for other in present.replaces] or None,
    }
    conditions = [
        f"attribute_not_exists({name})" if value is None else f"{name} = :{name}"
        for name, value in read.items()
    ]
    with translated_errors("dynamodb.PutItem"):
        dynamodb().put_item(
            TableName=table,
            Item=to_item(item),
            ConditionExpression=" AND ".join(conditions),
            ExpressionAttributeValues=to_item({f":{name}": one for name, one in read.items()}),
        )


def _to_attributes(place: Place) -> dict[str, object]:
    return {"customer_id": place.customer_id, "timeline_key": place.timeline_key}


def _to_places(value: JsonValue) -> Sequence[Place]:
    return [
        Place(str(one["customer_id"]), str(one["timeline_key"]))
        for one in cast("Sequence[JsonObject]", value)
    ]


def _scope_in(item: JsonObject) -> str:
    return str(item.get("unique_scope", STORE_SCOPE))
