"""Gathering evidence from a customer's timeline, for conditions that are not known (any more)."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from footfall.segments.adding import Addend
from footfall.segments.conditions import Condition, earliest
from footfall.segments.counting import CountEvidence, wanted
from footfall.segments.evidence import Evidence
from footfall.segments.happening import Happening, Moment, moment_of
from footfall.segments.interests import Interests
from footfall.segments.summing import Amount, summed

Timeline: TypeAlias = Callable[[Collection[Condition], int | None], Iterable[Happening]]
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
    interests = Interests(conditions)
    for event in timeline(conditions, earliest(conditions, start)):
        finding = interests.finding(event)
        moment = finding.moment
        is_added = False
        for condition in finding.conditions():
            if condition.addend is None:
                _keep(condition, moments[condition.id], moment, start)
            else:
                is_added = True
                amount = finding.amounts[condition.addend.path]
                amounts[condition.id].append((moment[0], amount))
        if is_added:
            added.append(moment[1])
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
    condition: Condition, addend: Addend, timeline: Timeline, through: int
) -> Iterator[tuple[int, Amount]]:
    """Yield the ids and amounts of the matching events after an instant, in order of time."""
    for event in timeline([condition], through + 1):
        if condition.counts(event):
            instant, number = moment_of(event)
            yield number, (instant, addend.amount_of(event))
