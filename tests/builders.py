"""Builds events, and the messages that carry them, for tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from footfall.domain.envelope import to_envelope
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue, ProfileValue
from footfall.invocations import QueueMessage
from process.handler import handler

NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)
STORE = "64e5a8a1af49a89df37e4ee7"


def email(address: str) -> Identifier:
    return Identifier(IdentifierKind.EMAIL, address)


def phone(number: str) -> Identifier:
    return Identifier(IdentifierKind.PHONE, number)


def own_id(value: str) -> Identifier:
    return Identifier(IdentifierKind.ID, value)


JANE = email("jane@example.com")


def purchase(  # noqa: PLR0913  # every part of an event may matter to a test
    number: int,
    *identifiers: Identifier,
    minute: int | None = None,
    store_id: str = STORE,
    unique_id: str | None = None,
    profile: Mapping[str, ProfileValue] | None = None,
    data: Mapping[str, JsonValue] | None = None,
) -> Event:
    """Return the purchase of that number: its id sorts by it, and it happened in that minute."""
    names = identifiers or (JANE,)
    addresses = {one.value for one in names if one.kind is IdentifierKind.EMAIL}
    return Event(
        event_id=f"00000000-0000-7000-8000-{number:012d}",
        store_id=store_id,
        event_name="purchase_completed",
        event_timestamp=NOON + timedelta(minutes=number if minute is None else minute),
        received_at=NOON + timedelta(hours=1, minutes=number),
        source="redo",
        identifiers=names,
        profile=({"email": addresses.pop()} if addresses else {}) | dict(profile or {}),
        data=data or {"category": "apparel", "item_count": 3},
        value=Decimal("149.99"),
        value_currency="USD",
        unique_id=unique_id,
    )


def message(*events: Event, deliveries: int = 1) -> QueueMessage:
    """Return the message in which ingest sends the events of one request."""
    return raw_message(dump_json(to_envelope(events)), events[0].event_id, deliveries)


def raw_message(body: str, message_id: str, deliveries: int = 1) -> QueueMessage:
    return {
        "messageId": message_id,
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(deliveries)},
    }


def deliver(*records: QueueMessage) -> Sequence[str]:
    """Hand a batch to process; return the ids of the messages it wants again."""

    failures = handler({"Records": list(records)}, None)["batchItemFailures"]
    return [failure["itemIdentifier"] for failure in failures]
