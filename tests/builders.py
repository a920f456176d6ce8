"""Builds events, and the messages that carry them, for tests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from footfall.domain.envelope import read_instruction, split_envelope, to_envelope
from footfall.domain.events import Event, UniqueRule
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.instructions import Deletion, Instruction, Merge
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


def anonymous(value: str) -> Identifier:
    return Identifier(IdentifierKind.ANONYMOUS, value)


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


def last(event: Event) -> Event:
    """Return the event as one that replaces those of its unique id that came before."""
    return replace(event, source="yotpo", unique_scope="yotpo", unique_rule=UniqueRule.LAST)


def first_of_customer(event: Event) -> Event:
    """Return the event as one whose unique id is one of its customer's own."""
    rule = UniqueRule.FIRST_OF_CUSTOMER
    return replace(event, source="klaviyo", unique_scope="klaviyo", unique_rule=rule)


def message(*instructions: Instruction, deliveries: int = 1) -> QueueMessage:
    """Return the message in which ingest sends what one request tells."""
    return raw_message(dump_json(to_envelope(instructions)), _id_of(instructions[0]), deliveries)


def _id_of(instruction: Instruction) -> str:
    match instruction:
        case Event():
            return instruction.event_id
        case Merge():
            return instruction.merge_id
        case Deletion():
            return instruction.deletion_id


def instructions_in(envelope: JsonValue) -> list[Instruction]:
    """Return what an envelope tells."""
    return [read_instruction(one) for one in split_envelope(envelope)]


def events_in(envelope: JsonValue) -> list[Event]:
    """Return the events of an envelope that holds nothing else."""
    instructions = instructions_in(envelope)
    events = [one for one in instructions if isinstance(one, Event)]
    assert len(events) == len(instructions)
    return events


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
