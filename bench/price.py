"""Counts the requests that process makes, and prices them: `make price`.

A read unit is counted for every item or query, as it holds up to 4 KB. Prices are the list prices
of us-east-1 (docs/deploy.md); DynamoDB is what grows with the events, the rest is a few cents.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

import tests.conftest  # noqa: F401  # the made-up AWS identity
from footfall.domain.events import Event
from tests.aws_calls import Call, recorded_calls, write_units
from tests.builders import deliver, email, message, purchase
from tests.moto_cloud import moto_cloud

EVENTS = 1_000
PEOPLE = 200
MESSAGES_IN_A_BATCH = 10
DOLLARS_PER_MILLION_WRITES = Decimal("0.625")
DOLLARS_PER_MILLION_READS = Decimal("0.125")


def main() -> None:
    """Print what one event costs, by how it comes."""
    table = Table("1,000 events of 200 people", "calls", "writes", "reads", "$ per million")
    for title, is_known, has_unique_id, bulk in (
        ("known, one per request", True, False, 1),
        ("known, bulk of 100", True, False, 100),
        ("known, bulk of 100, uniqueId", True, True, 100),
        ("new people, bulk of 100, uniqueId", False, True, 100),
    ):
        calls = _calls(is_known=is_known, has_unique_id=has_unique_id, bulk=bulk)
        writes, reads = Decimal(write_units(calls)), Decimal(_read_units(calls))
        dollars = writes * DOLLARS_PER_MILLION_WRITES + reads * DOLLARS_PER_MILLION_READS
        table.add_row(
            title, *(f"{n / EVENTS:.2f}" for n in (Decimal(len(calls)), writes, reads, dollars))
        )
    Console().print(table)


def _calls(*, is_known: bool, has_unique_id: bool, bulk: int) -> list[Call]:
    """Return the AWS calls of process for the events, delivered in full batches."""
    with moto_cloud(), redirect_stdout(StringIO()):  # the metrics go to the standard output
        if is_known:
            _deliver([_event(number) for number in range(PEOPLE)], bulk=100)
        with recorded_calls() as calls:
            events = (
                _event(PEOPLE + number, unique_id=f"order-{number}" if has_unique_id else None)
                for number in range(EVENTS)
            )
            _deliver([*events], bulk)
    return calls


def _event(number: int, unique_id: str | None = None) -> Event:
    return purchase(number, email(f"{number % PEOPLE}@example.com"), unique_id=unique_id)


def _deliver(events: Sequence[Event], bulk: int) -> None:
    messages = [message(*request) for request in _runs(events, bulk)]
    for batch in _runs(messages, MESSAGES_IN_A_BATCH):
        deliver(*batch)


def _runs(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _read_units(calls: Sequence[Call]) -> int:
    return sum(_units(operation, parameters) for operation, parameters in calls)


def _units(operation: str, parameters: Mapping[str, Any]) -> int:
    match operation:
        case "GetItem" | "Query":
            return 1
        case "BatchGetItem":
            return sum(len(request["Keys"]) for request in parameters["RequestItems"].values())
        case _:
            return 0


if __name__ == "__main__":
    main()
