"""Evidence for counts: as few of the matching events as decide the answer.

In a rolling window these are the newest; elsewhere the oldest, which later ones never displace.
Evidence is a set of moments, so events may come twice, and in any order. Events in the future are
kept one by one, the nearest few; from the first that was left out, the horizon, it knows nothing.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from footfall.segments.comparing import enough, satisfies
from footfall.segments.conditions import Condition
from footfall.segments.definitions import CountComparison

Moment: TypeAlias = tuple[int, int]
"""An event: its instant in microseconds, and its id as a number."""

MAX_AHEAD = 8
_AFTER_EVERY_ID = 1 << 128


@dataclass(frozen=True, slots=True)
class CountEvidence:
    """What a customer's state knows of one count.

    Attributes:
        moments: in order.
        horizon: nothing is known from this instant on; None when nothing was left out.
    """

    moments: tuple[Moment, ...] = ()
    horizon: int | None = None


NOTHING_COUNTED = CountEvidence()


def with_moments(evidence: CountEvidence, moments: Iterable[Moment]) -> CountEvidence:
    """Return the evidence with these events in it, each once."""
    kept = list(evidence.moments)
    for moment in moments:
        beyond = evidence.horizon is not None and moment[0] >= evidence.horizon
        if not beyond and moment not in kept:
            insort(kept, moment)
    return CountEvidence(tuple(kept), evidence.horizon)


def count_settled(condition: Condition, evidence: CountEvidence, now: int) -> CountEvidence:
    """Return the evidence without what can no longer matter from now on."""
    begun = _begun(evidence.moments, now)
    past, ahead = evidence.moments[:begun], evidence.moments[begun:]
    enough_of_them = wanted(condition)
    if condition.length is None:
        past = past[:enough_of_them]
    else:
        past = past[_begun(past, now - condition.length) :]
        past = past[max(0, len(past) - enough_of_them) :]
    horizon = evidence.horizon
    if len(ahead) > MAX_AHEAD:
        horizon = ahead[MAX_AHEAD][0]
        ahead = tuple(moment for moment in ahead if moment[0] < horizon)
    return CountEvidence(past + ahead, horizon)


def count_says(condition: Condition, evidence: CountEvidence, now: int) -> bool:
    """Tell what the condition says at an instant before the horizon."""
    ended = 0
    if condition.length is not None:
        ended = _begun(evidence.moments, now - condition.length)
    return satisfies(_begun(evidence.moments, now) - ended, condition.comparison)


def count_turns(condition: Condition, evidence: CountEvidence) -> Iterator[int]:
    """Yield every instant at which the count changes, in no order."""
    for instant, _ in evidence.moments:
        yield instant
        if condition.length is not None:
            yield instant + condition.length


def _begun(moments: Sequence[Moment], now: int) -> int:
    return bisect_right(moments, (now, _AFTER_EVERY_ID))


def wanted(condition: Condition) -> int:
    """Return how many events decide the count."""
    comparison = condition.comparison
    if not isinstance(comparison, CountComparison):
        raise TypeError
    return enough(comparison)
