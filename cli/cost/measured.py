"""What was counted per event, as bench/results.json keeps it, and what lies between its cases."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from cli.cost.prices import Billed
from cli.cost.usage import Usage, between, times, together
from footfall.errors import PermanentError

RESULTS = Path(__file__).parent.parent.parent / "bench" / "results.json"

AUTHORIZATIONS: Mapping[str, Decimal] = {"busy": Decimal("0.01"), "quiet": Decimal("0.1")}
"""How many requests make the gateway look at their key: it remembers an answer for a minute."""


class NotMeasuredError(PermanentError):
    """There is no count to reckon with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """How events come.

    Attributes:
        segments: how many ask for each event.
        new_customers: the share of the events that are the first of their customer.
        is_quiet: each request is handled by itself; otherwise batches are full.
    """

    is_bulk: bool
    has_unique_ids: bool
    segments: int
    new_customers: Decimal
    is_quiet: bool


class Measured:
    """What an event uses, by how it comes.

    Args:
        results: of the measure `bill`.
    """

    def __init__(self, results: Mapping[str, Any]) -> None:
        self._cases: Sequence[Mapping[str, Any]] = results["cases"]
        self._stored: Mapping[str, Mapping[str, int]] = results["storedBytes"]
        self._authorization = usage_in(results["authorization"])
        self.entry = usage_in(results["entry"])
        self.sweep = usage_in(results["sweep"])

    def per_event(self, traffic: Traffic) -> Usage:
        """Return what an event uses: on the straight line between the cases that were measured."""
        known, new = (self._along_segments(traffic, customers) for customers in ("known", "new"))
        return between(known, new, traffic.new_customers)

    def of_case(self, case: Mapping[str, Any]) -> Usage:
        """Return what an event of a measured case uses, its share of authorizations included."""
        usage = usage_in(case)
        asked = usage[Billed.API_REQUESTS] * AUTHORIZATIONS[case["batches"]]
        return together([usage, times(self._authorization, asked)])

    def stored_bytes(self, traffic: Traffic) -> Decimal:
        """Return the bytes that an event leaves in the tables, for ever."""
        sizes = next(iter(self._stored.values()))
        number = Decimal(sizes["event"])
        if traffic.has_unique_ids:
            number += sizes["marker"]
        customer = sizes["identifier"] + sizes["profile"]
        return number + customer * traffic.new_customers

    def _along_segments(self, traffic: Traffic, customers: str) -> Usage:
        wanted = {
            "sent": "bulk" if traffic.is_bulk else "single",
            "uniqueIds": traffic.has_unique_ids,
            "customers": customers,
            "batches": "quiet" if traffic.is_quiet else "busy",
        }
        points = sorted(
            (case["segments"], self.of_case(case))
            for case in self._cases
            if wanted.items() <= case.items()
        )
        lines = list(pairwise(points))
        low, high = next((line for line in lines if traffic.segments <= line[1][0]), lines[-1])
        share = Decimal(traffic.segments - low[0]) / (high[0] - low[0])
        return between(low[1], high[1], share)


def read_measured() -> Measured:
    """Return what `make bench` has counted.

    Raises:
        NotMeasuredError: when it has not.
    """
    try:
        stored = json.loads(RESULTS.read_text(encoding="utf-8"), parse_float=Decimal)
        return Measured(stored["bill"]["results"])
    except (OSError, ValueError, KeyError) as error:
        raise NotMeasuredError(
            f"Nothing is counted yet in {RESULTS}: `make bench MEASURE=bill` does it."
        ) from error


def usage_in(counted: Mapping[str, Any]) -> Usage:
    """Return the usage that results.json tells of an event, or of anything else."""
    usage = {Billed(name): Decimal(str(number)) for name, number in counted["usage"].items()}
    return usage | {Billed.GB_SECONDS: Decimal(str(counted["gbSeconds"]))}
