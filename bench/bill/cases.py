"""The cases of the bill: how events are sent, what they carry, who sends them, and how many ask."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from bench.pipeline.workload import Shop

SEGMENTS = (0, 5, 50)
"""How many segments ask for each event."""

BULK = 100
"""Events of a bulk request."""

KNOWN_CUSTOMERS = 50
CUSTOMERS_OF_A_BULK = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way in which events come.

    Attributes:
        are_new: each event is the first of its customer; otherwise ten known customers send a
            hundred events, and ten others the next hundred.
        is_quiet: each request is a batch of its own all the way; otherwise batches are as large as
            the stack allows.
    """

    is_bulk: bool
    has_unique_ids: bool
    are_new: bool
    is_quiet: bool

    @property
    def size(self) -> int:
        """Return the number of events of a request."""
        return BULK if self.is_bulk else 1

    @property
    def requests(self) -> int:
        """Return how many requests show what one costs: known customers fill whole batches."""
        if self.is_quiet:
            return 1 if self.is_bulk else 5
        if self.are_new:
            return 1 if self.is_bulk else 25
        return 5 if self.is_bulk else 250

    def as_json(self) -> Mapping[str, Any]:
        """Return the case as results.json names it."""
        return {
            "sent": "bulk" if self.is_bulk else "single",
            "uniqueIds": self.has_unique_ids,
            "customers": "new" if self.are_new else "known",
            "batches": "quiet" if self.is_quiet else "busy",
        }


CASES: Sequence[Case] = [
    Case(is_bulk=is_bulk, has_unique_ids=has_unique_ids, are_new=are_new, is_quiet=is_quiet)
    for are_new, is_bulk, has_unique_ids, is_quiet in product(
        (False, True), (True, False), (False, True), (False, True)
    )
]


class Buyers:
    """Sends purchases, each later than the one before."""

    def __init__(self, begin: datetime) -> None:
        self._shop = Shop(1, begin)
        self._newcomers = 0

    def purchases(self, case: Case, requests: int) -> Iterator[Mapping[str, Any]]:
        """Yield the purchases of so many requests."""
        for number in range(requests * case.size):
            event = dict(self._shop.event())
            event["customer"] = {"email": self._email(case, number)}
            if case.has_unique_ids:
                event["uniqueId"] = event["data"]["order_id"]
            yield event

    def _email(self, case: Case, number: int) -> str:
        if case.are_new:
            self._newcomers += 1
            return f"newcomer-{self._newcomers:04}@example.com"
        begun = number // BULK * CUSTOMERS_OF_A_BULK
        person = (begun + number % CUSTOMERS_OF_A_BULK) % KNOWN_CUSTOMERS
        return f"customer-{person:02}@example.com"
