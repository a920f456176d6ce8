"""Gathering evidence from a customer's timeline, for conditions that are not known (any more)."""

import uuid
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from footfall.domain.events import Event
from footfall.domain.timestamps import to_microseconds
from footfall.segments.conditions import Condition, by_name, earliest
from footfall.segments.counting import CountEvidence, Moment, wanted
from footfall.segments.definitions import SumComparison
from footfall.segments.evidence import Evidence
from footfall.segments.paths import property_values
from footfall.segments.summing import Amount, exact_sum, summed

Timeline: TypeAlias = Callable[[Collection[Condition], int | None], Iterable[Event]]
"""Reads, in order of time and as it is now, the events that the conditions may match.

It is asked for conditions, and for the instant in microseconds from which on (None for all).
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a reading of the timeline found.

    Attributes:
        evidence: of every condition that was asked for.
        added: the ids, as numbers, of the events that are in sums.
    """

    evidence: dict[str, Evidence]
    added: Sequence[int]


def gather(conditions: Collection[Condition], timeline: Timeline, start: int, now: int) -> Gathered:
    """Return the evidence of the conditions, known from `start` on, and beyond now."""
    moments: dict[str, deque[Moment]] = {one.id: deque() for one in conditions}
    amounts: dict[str, list[Amount]] = {one.id: [] for one in conditions}
    added: list[int] = []
    asked_by = by_name(conditions)
    for event in timeline(conditions, earliest(conditions, start)):
        is_added = False
        for condition in asked_by(event.event_name):
            if not condition.counts(event):
                continue
            if condition.adds_up:
                is_added = True
                amounts[condition.id].append(amount_of(condition, event))
            else:
                _keep(condition, moments[condition.id], moment_of(event), start)
        if is_added:
            added.append(event_number(event))
    return Gathered(
        {
            one.id: summed(one, amounts[one.id], start, now)
            if one.adds_up
            else CountEvidence(tuple(sorted(moments[one.id])))
            for one in conditions
        },
        added,
    )


def _keep(condition: Condition, moments: deque[Moment], moment: Moment, start: int) -> None:
    """Keep no more of the past than decides the count: histories may be long."""
    if condition.length is None:
        if moment[0] > start or len(moments) < wanted(condition):
            moments.append(moment)
        return
    moments.append(moment)
    if moment[0] <= start and len(moments) > wanted(condition):
        moments.popleft()


def amounts_after(
    condition: Condition, timeline: Timeline, through: int
) -> Iterator[tuple[int, Amount]]:
    """Yield the ids and amounts of the matching events after an instant, in order of time."""
    for event in timeline([condition], through + 1):
        if condition.counts(event):
            yield event_number(event), amount_of(condition, event)


def moment_of(event: Event) -> Moment:
    """Return where the event stands in time, ties by id."""
    return to_microseconds(event.event_timestamp), event_number(event)


def amount_of(condition: Condition, event: Event) -> Amount:
    """Return what the event adds to the condition's sum: every number that the path leads to."""
    comparison = condition.comparison
    if not isinstance(comparison, SumComparison):
        raise TypeError
    numbers = [
        Decimal(value)
        for value in property_values(event, comparison.of)
        if isinstance(value, int | Decimal) and not isinstance(value, bool)
    ]
    return to_microseconds(event.event_timestamp), exact_sum(numbers)


def event_number(event: Event) -> int:
    """Return the event's id as a number: of two events, the one accepted later has the greater."""
    return uuid.UUID(event.event_id).int
