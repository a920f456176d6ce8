"""Evidence for sums: a folded total, and one by one what leaves the window next.

The oldest instants of the window, the head, stand beside the total of all later ones. When the last
of the head has left, the next ones are read from the timeline, by `refilled`. A sum without a
rolling window has no head, as nothing leaves it. A total is no set: whoever adds an event to it has
to know that it is not in it yet.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from operator import itemgetter
from typing import TypeAlias

from footfall.segments.comparing import satisfies
from footfall.segments.conditions import Condition

Amount: TypeAlias = tuple[int, Decimal]
"""An instant in microseconds, and what the events of that instant add up to."""

MAX_AHEAD = 8
HEAD_SIZE = 8
_EXACT = Context(prec=1_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_ZERO = Decimal(0)
_instant = itemgetter(0)


@dataclass(frozen=True, slots=True)
class SumEvidence:
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
    total: Decimal = _ZERO
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
    evidence = NOTHING_ADDED
    begun: list[Amount] = []
    for instant, amount in amounts:
        if instant > start:
            evidence = replace(evidence, ahead=_merged(evidence.ahead, (instant, amount)))
        elif condition.length is None:
            evidence = _folded(evidence, (instant, amount))
        elif instant + condition.length > start:
            _append(begun, (instant, amount))
    leaving = bisect_right(begun, now - (condition.length or 0), key=_instant)
    evidence = replace(evidence, head=tuple(begun[: leaving + HEAD_SIZE]))
    for one in begun[leaving + HEAD_SIZE :]:
        evidence = _folded(evidence, one)
    return evidence


def with_amount(
    condition: Condition, evidence: SumEvidence, amount: Amount, now: int
) -> SumEvidence:
    """Return the evidence with an event that is surely not in it."""
    instant = amount[0]
    if instant > now:
        if evidence.horizon is not None and instant >= evidence.horizon:
            return evidence
        return replace(evidence, ahead=_merged(evidence.ahead, amount))
    if condition.length is None:
        return _folded(evidence, amount)
    if evidence.newest is not None and instant > _last_of_head(evidence):
        return _folded(evidence, amount)
    return replace(evidence, head=_merged(evidence.head, amount))


def sum_settled(condition: Condition, evidence: SumEvidence, now: int) -> SumEvidence:
    """Return the evidence without what can no longer matter from now on."""
    ahead, horizon = evidence.ahead, evidence.horizon
    begun = bisect_right(ahead, now, key=_instant)
    arrived, ahead = ahead[:begun], ahead[begun:]
    if len(ahead) > MAX_AHEAD:
        horizon = ahead[MAX_AHEAD][0]
        ahead = ahead[:MAX_AHEAD]
    settled = replace(evidence, ahead=ahead, horizon=horizon)
    if condition.length is None:
        for one in arrived:
            settled = _folded(settled, one)
        return settled
    gone = now - condition.length
    if settled.newest is not None and settled.newest <= gone:
        settled = replace(settled, total=_ZERO, newest=None, through=None)
    for one in arrived:
        if one[0] > gone:
            settled = with_amount(condition, settled, one, now)
    head = settled.head[bisect_right(settled.head, gone, key=_instant) :]
    settled = replace(settled, head=head[:HEAD_SIZE])
    if len(head) <= HEAD_SIZE:
        return settled
    total, newest = settled.total, settled.newest
    for instant, amount in head[HEAD_SIZE:]:
        total, newest = _EXACT.add(total, amount), max(instant, newest or instant)
    return replace(settled, total=total, newest=newest, through=head[HEAD_SIZE - 1][0])


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
        total = _EXACT.subtract(total, amount)
        if instant + length > start:
            _append(head, (instant, amount))
    if is_whole:
        if total:
            return None
        return replace(evidence, head=tuple(head), total=_ZERO, newest=None, through=None)
    return replace(evidence, head=tuple(head), total=total, through=head[-1][0])


def sum_says(condition: Condition, evidence: SumEvidence, now: int) -> bool:
    """Tell what the condition says at an instant before the evidence runs out."""
    number = evidence.total
    for instant, amount in evidence.head + evidence.ahead:
        ended = condition.length is not None and instant + condition.length <= now
        if instant <= now and not ended:
            number = _EXACT.add(number, amount)
    return satisfies(number, condition.comparison)


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


def exact_sum(numbers: Iterable[Decimal]) -> Decimal:
    """Return the sum of the numbers, without rounding."""
    total = _ZERO
    for number in numbers:
        total = _EXACT.add(total, number)
    return total


def _last_of_head(evidence: SumEvidence) -> int:
    if evidence.through is not None:
        return evidence.through
    return evidence.head[-1][0] if evidence.head else 0


def _folded(evidence: SumEvidence, amount: Amount) -> SumEvidence:
    instant, number = amount
    through = evidence.through
    if through is None and evidence.head:
        through = evidence.head[-1][0]
    return replace(
        evidence,
        total=_EXACT.add(evidence.total, number),
        newest=max(instant, evidence.newest or instant),
        through=through,
    )


def _append(amounts: list[Amount], amount: Amount) -> None:
    if amounts and amounts[-1][0] == amount[0]:
        amounts[-1] = (amount[0], _EXACT.add(amounts[-1][1], amount[1]))
    else:
        amounts.append(amount)


def _merged(amounts: Sequence[Amount], amount: Amount) -> tuple[Amount, ...]:
    merged = dict(amounts)
    merged[amount[0]] = _EXACT.add(merged.get(amount[0], _ZERO), amount[1])
    return tuple(sorted(merged.items(), key=_instant))
