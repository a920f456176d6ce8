"""Evidence: what a state keeps of a customer's events for one condition, be it a count or a sum."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from footfall.segments.conditions import Condition
from footfall.segments.counting import (
    NOTHING_COUNTED,
    CountEvidence,
    count_flips,
    count_says,
    count_settled,
    count_turns,
)
from footfall.segments.summing import (
    NOTHING_ADDED,
    SumEvidence,
    runs_out,
    sum_flips,
    sum_says,
    sum_settled,
    sum_turns,
)

Evidence: TypeAlias = CountEvidence | SumEvidence

MAX_EVIDENCE_BYTES = 100_000
"""Of one customer. A state is one item of 400 KB at most; 2,000 segments that are decided at once
take 280 KB of it for their transitions and timers."""

_BYTES_OF_A_CONDITION = 100
_BYTES_OF_A_MOMENT = 24
_BYTES_OF_AN_INSTANT = 22
_LONG_AGO = 1

_NOTHING = (NOTHING_COUNTED, NOTHING_ADDED)


def nothing_about(condition: Condition) -> Evidence:
    """Return the evidence of a customer without matching events."""
    return NOTHING_ADDED if condition.adds_up else NOTHING_COUNTED


def tells_something(evidence: Evidence) -> bool:
    """Tell whether there is anything to keep."""
    return evidence not in _NOTHING


def says(condition: Condition, evidence: Evidence, now: int) -> bool:
    """Tell what the condition says at an instant that the evidence reaches."""
    if isinstance(evidence, CountEvidence):
        return count_says(condition, evidence, now)
    return sum_says(condition, evidence, now)


def flips(condition: Condition, evidence: Evidence, start: int, end: int | None) -> Iterator[int]:
    """Yield in order the instants in `(start, end]` at which the condition's answer changes."""
    if isinstance(evidence, CountEvidence):
        return count_flips(condition, evidence, start, end)
    return sum_flips(condition, evidence, start, end)


def turns(condition: Condition, evidence: Evidence) -> Iterator[int]:
    """Yield the instants at which the count or the sum changes, in no order."""
    if isinstance(evidence, CountEvidence):
        return count_turns(condition, evidence)
    return sum_turns(condition, evidence)


def settled(condition: Condition, evidence: Evidence, now: int) -> Evidence:
    """Return the evidence without what can no longer matter from now on."""
    if isinstance(evidence, CountEvidence):
        return count_settled(condition, evidence, now)
    return sum_settled(condition, evidence, now)


def known_until(condition: Condition, evidence: Evidence) -> int | None:
    """Return from which instant on the evidence does not suffice; None for never."""
    if isinstance(evidence, CountEvidence):
        return evidence.horizon
    horizon, end = evidence.horizon, runs_out(condition, evidence)
    if horizon is None or end is None:
        return end if horizon is None else horizon
    return min(horizon, end)


def small_enough(evidence: Mapping[str, Evidence]) -> Mapping[str, Evidence]:
    """Return the evidence without the largest pieces that the state has no room for.

    Nothing is known of their conditions then, since long ago: whenever one of them matters, it is
    gathered from the timeline.
    """
    excess = sum(map(_size, evidence.values())) - MAX_EVIDENCE_BYTES
    if excess <= 0:
        return evidence
    kept = dict(evidence)
    for known, one in sorted(evidence.items(), key=lambda item: _size(item[1]), reverse=True):
        if excess <= 0:
            break
        is_count = isinstance(one, CountEvidence)
        unknown = CountEvidence(horizon=_LONG_AGO) if is_count else SumEvidence(horizon=_LONG_AGO)
        excess -= _size(one) - _size(unknown)
        kept[known] = unknown
    return kept


def _size(evidence: Evidence) -> int:
    if isinstance(evidence, CountEvidence):
        return _BYTES_OF_A_CONDITION + _BYTES_OF_A_MOMENT * len(evidence.moments)
    amounts = [str(amount) for _, amount in evidence.head + evidence.ahead]
    amounts.append(str(evidence.total))
    return _BYTES_OF_A_CONDITION + _BYTES_OF_AN_INSTANT * len(amounts) + sum(map(len, amounts))
