"""The stream of the SegmentStates table: records as Lambda hands them over; and what was told."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from footfall.aws.items import to_item
from footfall.aws.keys import customer_key
from footfall.domain.timestamps import to_microseconds
from footfall.invocations import StreamEvent, StreamRecord
from footfall.segments.transitions import Cause, Decided, Transition, to_text
from footfall.settings import Setting
from publish.handler import handler
from tests.aws_calls import Call
from tests.builders import NOON, STORE
from tests.moto_cloud import all_items

if TYPE_CHECKING:
    from decimal import Decimal

MINUTE = 60_000_000

Membership: TypeAlias = tuple[str, str]
"""A segment's partition in the Members table, and a customer."""


class Clock:
    """The time that Lambda leaves, in milliseconds; less by `step` whenever somebody asks."""

    def __init__(self, left: int = 60_000, step: int = 0) -> None:
        self.left = left
        self.step = step

    def get_remaining_time_in_millis(self) -> int:
        self.left -= self.step
        return self.left


def customer(number: int) -> str:
    """Return a customer's id; sixteen in a row stand in different shards."""
    return f"{number % 16:x}{number:023x}"


def enters(segment_id: str, minute: int) -> Transition:
    return _transition(segment_id, minute, entered=True)


def exits(segment_id: str, minute: int) -> Transition:
    return _transition(segment_id, minute, entered=False)


def _transition(segment_id: str, minute: int, *, entered: bool) -> Transition:
    effective_at = to_microseconds(NOON) + minute * MINUTE
    return Transition(segment_id, "3f2a90c1d4e5b607", entered, effective_at, Cause.EVENT)


def record(
    number: int, customer_id: str, *transitions: Transition, store_id: str = STORE
) -> StreamRecord:
    """Return the record of that number: it stands for the version and the instant as well."""
    at = to_microseconds(NOON) + number * MINUTE + 1
    image = {
        "pk": customer_key(store_id, customer_id),
        "version": number,
        "transitions": to_text(Decided(number, at, transitions)),
    }
    return {"dynamodb": {"SequenceNumber": f"{number:021}", "NewImage": to_item(image)}}


def deliver(records: Sequence[StreamRecord], clock: Clock | None = None) -> str | None:
    """Hand a batch to publish; return the record from which on it is to come again, if at all."""
    event: StreamEvent = {"Records": records}
    failures = handler(event, clock or Clock())["batchItemFailures"]
    assert len(failures) <= 1
    return failures[0]["itemIdentifier"] if failures else None


def members() -> dict[Membership, str]:
    """Return since when each member is one."""
    return {
        (str(item["pk"]), str(item["sk"])): str(item["since"])
        for item in all_items(Setting.MEMBERS_TABLE)
        if item["sk"] != "#count"
    }


def counts() -> dict[str, int]:
    """Return the count of each partition that has one; zeros are left out."""
    return {
        str(item["pk"]): int(cast("Decimal", item["members"]))
        for item in all_items(Setting.MEMBERS_TABLE)
        if item["sk"] == "#count" and item["members"] != 0
    }


def entries(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Return the entries that were put onto the bus, in order."""
    return [
        entry
        for operation, parameters in calls
        if operation == "PutEvents"
        for entry in parameters["Entries"]
    ]


def details(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Return what these say."""
    return [json.loads(entry["Detail"]) for entry in entries(calls)]
