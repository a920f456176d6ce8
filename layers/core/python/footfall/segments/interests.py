"""Interests: the conditions that ask for the same events, so that an event is looked at once.

A store's segments differ in numbers and windows more often than in what they ask for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from footfall.segments.adding import Addend
from footfall.segments.conditions import Condition
from footfall.segments.definitions import Names, Pattern
from footfall.segments.happening import Happening, Moment, moment_of
from footfall.segments.matching import EventTest

_MAX_REMEMBERED_NAMES = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Interest:
    """Conditions that ask for the same events, each with its own window.

    Attributes:
        passes: tells whether an event of the right name is one of these.
        names: tells whether a name is right.
        conditions: at least one.
        addends: what those of them add up that ask for sums, each once.
        admits_any_time: one of them counts events of every instant.
    """

    passes: EventTest
    names: Callable[[str], bool]
    conditions: Sequence[Condition]
    addends: Sequence[Addend]
    admits_any_time: bool

    def admits(self, instant: int) -> bool:
        """Tell whether an event of that instant can ever count for one of the conditions."""
        return any(one.admits(instant) for one in self.conditions)


@dataclass(slots=True)  # a frozen one, or a tuple, takes longer in the making
class Finding:
    """What was found about an event, once and for all.

    Attributes:
        interests: those that were looked at.
        moment: where the event stands in time.
        met: those that it meets.
        amounts: what it adds to their sums, by path.
    """

    interests: "Interests"
    moment: Moment
    met: Sequence[Interest]
    amounts: Mapping[str, Decimal]

    def conditions(self) -> Iterator[Condition]:
        """Yield the conditions that the event counts for."""
        instant, _ = self.moment
        for interest in self.met:
            for condition in interest.conditions:
                if condition.admits(instant):
                    yield condition


class Interests:
    """All interests of some conditions, arranged by the names of events."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        by_subject: dict[str, list[Condition]] = defaultdict(list)
        for condition in conditions:
            by_subject[condition.subject].append(condition)
        self._by_name: dict[str, list[Interest]] = defaultdict(list)
        self._by_pattern: list[Interest] = []
        for together in by_subject.values():
            self._arrange(together)
        self._remembered: dict[str, Sequence[Interest]] = {}

    def named(self, event_name: str) -> Sequence[Interest]:
        """Return the interests that events of this name can meet."""
        found = self._remembered.get(event_name)
        if found is None:
            patterns = [one for one in self._by_pattern if one.names(event_name)]
            found = [*self._by_name.get(event_name, ()), *patterns]
            if len(self._remembered) < _MAX_REMEMBERED_NAMES:
                self._remembered[event_name] = found
        return found

    def finding(self, event: Happening) -> Finding:
        """Return what is found about an event."""
        moment = moment_of(event)
        met: list[Interest] = []
        amounts: dict[str, Decimal] = {}
        for one in self.named(event.event_name):
            if (one.admits_any_time or one.admits(moment[0])) and one.passes(event):
                met.append(one)
                for addend in one.addends:
                    amounts[addend.path] = addend.amount_of(event)
        return Finding(self, moment, met, amounts)

    def _arrange(self, together: Sequence[Condition]) -> None:
        any_one = together[0]
        addends = [one.addend for one in together]
        interest = Interest(
            any_one.passes,
            any_one.names,
            together,
            addends=list({one.path: one for one in addends if one is not None}.values()),
            admits_any_time=any(one.admits_any_time for one in together),
        )
        match any_one.behaviour.event:
            case Pattern():
                self._by_pattern.append(interest)
            case Names(any_of=names):
                for name in set(names):
                    self._by_name[name].append(interest)
            case name:
                self._by_name[name].append(interest)
