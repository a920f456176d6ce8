"""The UniqueIds table: the marker that makes an event the only one of its id in its scope.

The first event to put its marker keeps it for ever. It may put it again, which is how a redelivery
finishes what a crash left undone. An event that went to the dead-letter queue leaves its reason in
its marker. It gives the id free if its marker names no place on a timeline, as then nothing of it
was stored; otherwise the id stays with it until it is driven again.
"""

from contextlib import suppress
from dataclasses import dataclass

from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import from_item, to_item
from footfall.aws.keys import timeline_key, unique_id_key
from footfall.domain.events import Event
from footfall.errors import ConflictError
from footfall.settings import Setting, read_setting

_FREE_OR_MINE = "attribute_not_exists(pk) OR event_id = :mine"
_FREE_OR_MINE_OR_DEAD = f"{_FREE_OR_MINE} OR attribute_not_exists(timeline_key)"


@dataclass(frozen=True, slots=True)
class Marker:
    """Who holds a unique id.

    Attributes:
        customer_id, timeline_key: where the event stands, or will; empty when it died before.
        dead_reason: why it went to the dead-letter queue, or None.
    """

    event_id: str
    customer_id: str
    timeline_key: str
    dead_reason: str | None


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
    )


def claim_unique_id(event: Event, unique_id: str, customer_id: str) -> bool:
    """Return whether this event holds its unique id, now or since an earlier delivery of it."""
    try:
        with translated_errors("dynamodb.PutItem"):
            dynamodb().put_item(
                TableName=read_setting(Setting.UNIQUE_IDS_TABLE),
                Item=to_item(
                    {
                        "pk": unique_id_key(event.store_id, event.unique_scope, unique_id),
                        "event_id": event.event_id,
                        "customer_id": customer_id,
                        "timeline_key": timeline_key(event),
                    }
                ),
                ConditionExpression=_FREE_OR_MINE_OR_DEAD,
                ExpressionAttributeValues=to_item({":mine": event.event_id}),
            )
    except ConflictError:
        return False
    return True


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
