"""Conditions: the behaviours of a store's segments, each once, however many segments name it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from footfall.domain.timestamps import parse_timestamp, to_microseconds
from footfall.segments.adding import Addend, addend_of
from footfall.segments.comparing import Criterion, criterion_of
from footfall.segments.definitions import (
    Behaviour,
    CountComparison,
    FixedWindow,
    LastWindow,
    SumComparison,
)
from footfall.segments.durations import duration
from footfall.segments.happening import Happening
from footfall.segments.matching import EventTest, event_test, matches_name
from footfall.segments.segment import canonical_text

_ID_CHARACTERS = 16
_AT_LEAST_ONE = CountComparison(gte=1)
_SUBJECT = frozenset({"event", "where"})


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A behaviour, ready to be decided. All instants and lengths are integer microseconds.

    Attributes:
        id: the hash of the behaviour's text: equal behaviours are one condition.
        subject: the text of what it is about: which events, whenever, and what is asked of each.
        passes: tells whether an event of the right name is one of these.
        is_met_by: tells whether it is true of that count or sum.
        addend: what it adds up; None when it counts.
        length: how long an event counts; None when it never stops.
        start: only events from then on count; None for no bound.
        end: only events before then count; None for no bound.
    """

    id: str
    behaviour: Behaviour
    subject: str
    passes: EventTest
    comparison: CountComparison | SumComparison
    is_met_by: Criterion
    addend: Addend | None = None
    length: int | None = None
    start: int | None = None
    end: int | None = None

    @property
    def adds_up(self) -> bool:
        """Tell whether it asks for a sum, and not for a count."""
        return self.addend is not None

    def names(self, event_name: str) -> bool:
        """Tell whether events of this name can match."""
        return matches_name(self.behaviour, event_name)

    def counts(self, event: Happening) -> bool:
        """Tell whether the event matches, and counts for some time."""
        return (
            self.admits(to_microseconds(event.event_timestamp))
            and self.names(event.event_name)
            and self.passes(event)
        )

    @property
    def admits_any_time(self) -> bool:
        """Tell whether events of every instant can count."""
        return self.start is None and self.end is None

    def admits(self, instant: int) -> bool:
        """Tell whether an event of that instant can ever count."""
        return (self.start is None or self.start <= instant) and (
            self.end is None or instant < self.end
        )

    def ends(self, instant: int) -> int | None:
        """Return from when on an event of that instant no longer counts; None for never."""
        return None if self.length is None else instant + self.length


def condition_of(behaviour: Behaviour) -> Condition:
    """Return the condition that the behaviour is."""
    digest = hashlib.sha256(canonical_text(behaviour).encode()).hexdigest()
    comparison = behaviour.sum or behaviour.count or _AT_LEAST_ONE
    length = start = end = None
    match behaviour.within:
        case LastWindow(last=last):
            length = duration(last) // timedelta(microseconds=1)
        case FixedWindow(from_=first, to=last):
            start, end = _microseconds(first), _microseconds(last)
    return Condition(
        digest[:_ID_CHARACTERS],
        behaviour,
        subject=canonical_text(behaviour, _SUBJECT),
        passes=event_test(behaviour.where),
        comparison=comparison,
        is_met_by=criterion_of(comparison),
        addend=None if behaviour.sum is None else addend_of(behaviour.sum.of),
        length=length,
        start=start,
        end=end,
    )


def earliest(conditions: Iterable[Condition], now: int) -> int | None:
    """Return the instant before which no event matters at `now` or later; None for no such bound.

    All instants are microseconds. Without conditions there is none.
    """
    bounds: list[int] = []
    for condition in conditions:
        if condition.length is not None:
            bounds.append(now - condition.length)
        elif condition.start is not None:
            bounds.append(condition.start)
        else:
            return None
    return min(bounds, default=None)


def _microseconds(text: str | None) -> int | None:
    instant = None if text is None else parse_timestamp(text)
    return None if instant is None else to_microseconds(instant)
