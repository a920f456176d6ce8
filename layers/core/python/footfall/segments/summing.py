"""Evidence for sums: a folded total, and one by one what leaves the window next.

The oldest instants of the window, the head, stand beside the total of all later ones. When the last
of the head has left, the next ones are read from the timeline, by `refilled`. A sum without a
rolling window has no head, as nothing leaves it. A total is no set: whoever adds an event to it has
to know that it is not in it yet.
"""

import operator
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from footfall.segments.adding import ZERO, add, exact_sum, subtract
from footfall.segments.conditions import Condition
from footfall.segments.sweeping import flips

Amount: TypeAlias = tuple[int, Decimal]
"""An instant in microseconds, and what the events of that instant add up to."""

MAX_AHEAD = 8
HEAD_SIZE = 8
_instant = operator.itemgetter(0)


class SumEvidence(NamedTuple):
    """What a customer's state knows of one sum.

    Attributes:
        head: the oldest instants of the window, in order, complete up to its last.
        total: of the events after the head that have begun.
        newest: the last instant in the total; None when nothing is in it.
        through: the last instant that the head ever held, when something is in the total.
        ahead: the nearest instants in the future, in order.
        horizon: nothing is known from this instant on; None when nothing was left out.
    """

    head: tuple[Amount, ...] = ()
    total: Decimal = ZERO
    newest: int | None = None
    through: int | None = None
    ahead: tuple[Amount, ...] = ()
    horizon: int | None = None


NOTHING_ADDED = SumEvidence()


def summed(condition: Condition, amounts: Iterable[Amount], start: int, now: int) -> SumEvidence:
    """Return the evidence of a whole history, known from `start` on, and beyond now.

    Args:
        amounts: in order of time.
    """
    ahead: list[Amount] = []
    begun: list[Amount] = []
    for amount in amounts:
        if amount[0] > start:
            ahead.append(amount)
        elif condition.length is None or amount[0] + condition.length > start:
            begun.append(amount)
    evidence = NOTHING_ADDED._replace(ahead=_merged(ahead))
    if condition.length is None:
        return _folded(evidence, begun)
    begun = list(_merged(begun))
    leaving = bisect_right(begun, now - condition.length, key=_instant)
    evidence = evidence._replace(head=tuple(begun[: leaving + HEAD_SIZE]))
    return _folded(evidence, begun[leaving + HEAD_SIZE :])


def with_amounts(
    condition: Condition, evidence: SumEvidence, amounts: Sequence[Amount], now: int
) -> SumEvidence:
    """Return the evidence with events, in any order, that are surely not in it."""
    begun = [one for one in amounts if one[0] <= now]
    if len(begun) < len(amounts):
        end = evidence.horizon
        ahead = [one for one in amounts if now < one[0] and (end is None or one[0] < end)]
        evidence = evidence._replace(ahead=_merged([*evidence.ahead, *ahead]))
    if condition.length is None:
        return _folded(evidence, begun)
    if evidence.newest is None:
        return evidence._replace(head=_merged([*evidence.head, *begun])) if begun else evidence
    last = _last_of_head(evidence)
    early = [one for one in begun if one[0] <= last]
    if early:
        evidence = evidence._replace(head=_merged([*evidence.head, *early]))
    return _folded(evidence, [one for one in begun if one[0] > last])


def sum_settled(condition: Condition, evidence: SumEvidence, now: int) -> SumEvidence:
    """Return the evidence without what can no longer matter from now on."""
    settled, arrived = _parted(evidence, now)
    if condition.length is None:
        return _folded(settled, arrived)
    gone = now - condition.length
    if settled.newest is not None and settled.newest <= gone:
        settled = settled._replace(total=ZERO, newest=None, through=None)
    settled = with_amounts(condition, settled, [one for one in arrived if one[0] > gone], now)
    leaving = bisect_right(settled.head, gone, key=_instant)
    if not leaving and len(settled.head) <= HEAD_SIZE:
        return settled
    head = settled.head[leaving:]
    later = head[HEAD_SIZE:]
    settled = settled._replace(head=head[:HEAD_SIZE])
    if not later:
        return settled
    return _folded(settled._replace(through=head[HEAD_SIZE - 1][0]), later)


def _parted(evidence: SumEvidence, now: int) -> tuple[SumEvidence, Sequence[Amount]]:
    """Return the evidence with what is still ahead and has room, and what has arrived by now."""
    ahead, horizon = evidence.ahead, evidence.horizon
    if not ahead:
        return evidence, ()
    begun = bisect_right(ahead, now, key=_instant)
    arrived, ahead = ahead[:begun], ahead[begun:]
    if len(ahead) > MAX_AHEAD:
        horizon = ahead[MAX_AHEAD][0]
        ahead = ahead[:MAX_AHEAD]
    return evidence._replace(ahead=ahead, horizon=horizon), arrived


def refilled(
    condition: Condition, evidence: SumEvidence, amounts: Iterable[Amount], start: int, now: int
) -> SumEvidence | None:
    """Return the evidence with the next head taken out of the total; None when they disagree.

    Args:
        amounts: the matching events after `through`, in order of time, read only as far as needed.
        start: the evidence is to be known from then on.
    """
    length = condition.length or 0
    total = evidence.total
    head = list(evidence.head)
    left = 0
    is_whole = True
    for instant, amount in amounts:
        if evidence.newest is None or instant > evidence.newest:
            break
        if not head or head[-1][0] != instant:
            if left == HEAD_SIZE:
                is_whole = False
                break
            left += instant + length > now
        total = subtract(total, amount)
        if instant + length > start:
            _append(head, (instant, amount))
    if is_whole:
        if total:
            return None
        return evidence._replace(head=tuple(head), total=ZERO, newest=None, through=None)
    return evidence._replace(head=tuple(head), total=total, through=head[-1][0])


def sum_says(condition: Condition, evidence: SumEvidence, now: int) -> bool:
    """Tell what the condition says at an instant before the evidence runs out."""
    return condition.is_met_by(_sum_at(condition, evidence, now))


def sum_flips(
    condition: Condition, evidence: SumEvidence, start: int, end: int | None
) -> Iterator[int]:
    """Yield in order the instants in `(start, end]` at which the condition's answer changes."""
    length = condition.length
    steps = [*evidence.head, *evidence.ahead]
    if length is not None:
        steps += [(instant + length, amount.copy_negate()) for instant, amount in steps]
    asked = [step for step in steps if start < step[0] and (end is None or step[0] <= end)]
    if not asked:
        return iter(())
    asked.sort(key=_instant)
    return flips(asked, _sum_at(condition, evidence, start), add, condition.is_met_by)


def sum_turns(condition: Condition, evidence: SumEvidence) -> Iterator[int]:
    """Yield every known instant at which the sum changes, in no order."""
    for instant, _ in evidence.head + evidence.ahead:
        yield instant
        if condition.length is not None:
            yield instant + condition.length


def runs_out(condition: Condition, evidence: SumEvidence) -> int | None:
    """Return from which instant on the head has to be refilled; None for never."""
    if condition.length is None or evidence.newest is None:
        return None
    return _last_of_head(evidence) + condition.length


def _sum_at(condition: Condition, evidence: SumEvidence, now: int) -> Decimal:
    number = evidence.total
    gone = None if condition.length is None else now - condition.length
    for instant, amount in evidence.head + evidence.ahead:
        if instant <= now and (gone is None or instant > gone):
            number = add(number, amount)
    return number


def _last_of_head(evidence: SumEvidence) -> int:
    if evidence.through is not None:
        return evidence.through
    return evidence.head[-1][0] if evidence.head else 0


def _folded(evidence: SumEvidence, amounts: Sequence[Amount]) -> SumEvidence:
    if not amounts:
        return evidence
    newest = max(amounts, key=_instant)[0]
    through = evidence.through
    if through is None and evidence.head:
        through = evidence.head[-1][0]
    return evidence._replace(
        total=add(evidence.total, exact_sum([amount for _, amount in amounts])),
        newest=newest if evidence.newest is None else max(newest, evidence.newest),
        through=through,
    )


def _append(amounts: list[Amount], amount: Amount) -> None:
    if amounts and amounts[-1][0] == amount[0]:
        amounts[-1] = (amount[0], add(amounts[-1][1], amount[1]))
    else:
        amounts.append(amount)


def _merged(amounts: Iterable[Amount]) -> tuple[Amount, ...]:
    """Return the amounts in order of time, those of one instant as one."""
    merged: dict[int, Decimal] = {}
    for instant, amount in amounts:
        merged[instant] = add(merged.get(instant, ZERO), amount)
    return tuple(sorted(merged.items()))
