"""Cuts what a batch brought into turns, so that a deletion finds what was accepted before it.

Merges and events mean the same in any order, and are done together: first the events, as those who
are to become one may come with them. What was accepted after a deletion begins a new customer, and
so waits until that is carried out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from footfall.domain.instructions import Deletion
from process.arrivals import Arrival, Errand, Opened


def turns(opened: Opened) -> Iterator[tuple[Sequence[Arrival], Sequence[Errand]]]:
    """Yield the events of each turn with the errands that follow them."""
    merges = [one for one in opened.errands if not isinstance(one.instruction, Deletion)]
    deletions = [one for one in opened.errands if isinstance(one.instruction, Deletion)]
    arrivals: Sequence[Arrival] = opened.arrivals
    for instant in sorted({one.instruction.received_at for one in deletions}):
        yield _events_until(arrivals, instant), _errands_until(merges, instant)
        yield [], [one for one in deletions if one.instruction.received_at == instant]
        arrivals = [one for one in arrivals if one.event.received_at > instant]
        merges = [one for one in merges if one.instruction.received_at > instant]
    yield arrivals, merges


def _events_until(arrivals: Sequence[Arrival], instant: datetime) -> Sequence[Arrival]:
    return [one for one in arrivals if one.event.received_at <= instant]


def _errands_until(errands: Sequence[Errand], instant: datetime) -> Sequence[Errand]:
    return [one for one in errands if one.instruction.received_at <= instant]
