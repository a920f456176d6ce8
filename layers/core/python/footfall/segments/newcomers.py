"""Newcomers: events that were not on the timeline when a customer was decided last.

Each condition takes all of them at once; what several conditions ask about them is found once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from footfall.segments.adding import Addend
from footfall.segments.conditions import Condition
from footfall.segments.happening import Moment
from footfall.segments.summing import Amount


@dataclass(slots=True)  # a frozen one, or a tuple, takes longer in the making
class Newcomer:
    """A new event.

    Attributes:
        sequence: the place of its record in the stream.
        moment: where it stands in time.
        amounts: what it adds to sums, by path.
        is_read: the last reading of the timeline for sums has found it.
    """

    sequence: int
    moment: Moment
    amounts: Mapping[str, Decimal]
    is_read: bool


class Newcomers:
    """Newcomers that meet one interest; at least one.

    Attributes:
        each: in the order of the stream.
        moments: where each stands in time.
        first: the earliest of the moments.
        oldest: the number of the one that was accepted first.
    """

    def __init__(self, each: Sequence[Newcomer]) -> None:
        self.each = each
        self.moments: Sequence[Moment] = [one.moment for one in each]
        self.first = min(self.moments)
        self.oldest = min([number for _, number in self.moments])
        self._amounts: dict[str, Sequence[Amount]] = {}

    def counted_by(self, condition: Condition) -> "Newcomers | None":
        """Return those that stand within the condition's bounds."""
        if condition.admits_any_time:
            return self
        return _some([one for one in self.each if condition.admits(one.moment[0])])

    def unread(self) -> "Newcomers | None":
        """Return those that the last reading for sums has not found."""
        unread = [one for one in self.each if not one.is_read]
        return self if len(unread) == len(self.each) else _some(unread)

    def amounts(self, addend: Addend) -> Sequence[Amount]:
        """Return what they add to a sum."""
        path = addend.path
        if path not in self._amounts:
            self._amounts[path] = [(one.moment[0], one.amounts[path]) for one in self.each]
        return self._amounts[path]


def _some(each: Sequence[Newcomer]) -> Newcomers | None:
    return Newcomers(each) if each else None
