"""Evidence for counts: as few of the matching events as decide the answer.

In a rolling window these are the newest; elsewhere the oldest, which later ones never displace.
Evidence is a set of moments, so events may come twice, and in any order. Events in the future are
kept one by one, the nearest few; from the first that was left out, the horizon, it knows nothing.
"""

import operator
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from footfall.segments.comparing import enough
from footfall.segments.conditions import Condition
from footfall.segments.definitions import CountComparison
from footfall.segments.happening import Moment
from footfall.segments.sweeping import flips

MAX_AHEAD = 8
_AFTER_EVERY_ID = 1 << 128


class CountEvidence(NamedTuple):
    """What a customer's state knows of one count.

    Attributes:
        moments: in order.
        horizon: nothing is known from this instant on; None when nothing was left out.
    """

    moments: tuple[Moment, ...] = ()
    horizon: int | None = None


NOTHING_COUNTED = CountEvidence()


def with_moments(evidence: CountEvidence, moments: Collection[Moment]) -> CountEvidence:
    """Return the evidence with these events in it, each once."""
    present, horizon = evidence
    new = set(moments).difference(present)
    if horizon is not None:
        new = {moment for moment in new if moment[0] < horizon}
    return CountEvidence(tuple(sorted([*present, *new])), horizon) if new else evidence


def count_settled(condition: Condition, evidence: CountEvidence, now: int) -> CountEvidence:
    """Return the evidence without what can no longer matter from now on."""
    moments, horizon = evidence
    begun = _begun(moments, now)
    past, ahead = moments[:begun], moments[begun:]
    enough_of_them = wanted(condition)
    if condition.length is None:
        past = past[:enough_of_them]
    else:
        past = past[_begun(past, now - condition.length) :]
        past = past[max(0, len(past) - enough_of_them) :]
    if len(ahead) > MAX_AHEAD:
        horizon = ahead[MAX_AHEAD][0]
        ahead = tuple(moment for moment in ahead if moment[0] < horizon)
    return CountEvidence(past + ahead, horizon)


def is_settled_for_ever(
    condition: Condition, evidence: CountEvidence, earliest_new: Moment, now: int
) -> bool:
    """Tell whether events from that moment on change nothing: enough others stand before them."""
    moments, enough_of_them = evidence.moments, wanted(condition)
    if condition.length is not None or not 0 < enough_of_them <= len(moments):
        return False
    last = moments[enough_of_them - 1]
    return last[0] <= now and last < earliest_new


def count_says(condition: Condition, evidence: CountEvidence, now: int) -> bool:
    """Tell what the condition says at an instant before the horizon."""
    moments = evidence.moments
    ended = 0 if condition.length is None else _begun(moments, now - condition.length)
    return condition.is_met_by(_begun(moments, now) - ended)


def count_flips(
    condition: Condition, evidence: CountEvidence, start: int, end: int | None
) -> Iterator[int]:
    """Yield in order the instants in `(start, end]` at which the condition's answer changes."""
    moments, length = evidence.moments, condition.length
    begun, ended = _begun(moments, start), 0
    steps = [(instant, 1) for instant, _ in moments[begun : _begun_by(moments, end)]]
    if length is not None:
        ended = _begun(moments, start - length)
        last = _begun_by(moments, None if end is None else end - length)
        steps += [(instant + length, -1) for instant, _ in moments[ended:last]]
        steps.sort()
    return flips(steps, begun - ended, operator.add, condition.is_met_by) if steps else iter(())


def count_turns(condition: Condition, evidence: CountEvidence) -> Iterator[int]:
    """Yield every instant at which the count changes, in no order."""
    for instant, _ in evidence.moments:
        yield instant
        if condition.length is not None:
            yield instant + condition.length


def wanted(condition: Condition) -> int:
    """Return how many events decide the count."""
    comparison = condition.comparison
    if not isinstance(comparison, CountComparison):
        raise TypeError
    return enough(comparison)


def _begun_by(moments: Sequence[Moment], end: int | None) -> int:
    return len(moments) if end is None else _begun(moments, end)


def _begun(moments: Sequence[Moment], now: int) -> int:
    return bisect_right(moments, (now, _AFTER_EVERY_ID))
