"""Conditions: the behaviours of a store's segments, each once, however many segments name it."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from footfall.domain.events import Event
from footfall.domain.timestamps import parse_timestamp, to_microseconds
from footfall.segments.definitions import (
    Behaviour,
    CountComparison,
    FixedWindow,
    LastWindow,
    SumComparison,
)
from footfall.segments.durations import duration
from footfall.segments.matching import matches, matches_name
from footfall.segments.segment import canonical_text

_ID_CHARACTERS = 16
_AT_LEAST_ONE = CountComparison(gte=1)


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A behaviour, ready to be decided. All instants and lengths are integer microseconds.

    Attributes:
        id: the hash of the behaviour's text: equal behaviours are one condition.
        length: how long an event counts; None when it never stops.
        start: only events from then on count; None for no bound.
        end: only events before then count; None for no bound.
    """

    id: str
    behaviour: Behaviour
    comparison: CountComparison | SumComparison
    length: int | None = None
    start: int | None = None
    end: int | None = None

    @property
    def adds_up(self) -> bool:
        """Tell whether it asks for a sum, and not for a count."""
        return isinstance(self.comparison, SumComparison)

    def names(self, event_name: str) -> bool:
        """Tell whether events of this name can match."""
        return matches_name(self.behaviour, event_name)

    def counts(self, event: Event) -> bool:
        """Tell whether the event matches, and counts for some time."""
        return self.admits(to_microseconds(event.event_timestamp)) and matches(
            self.behaviour, event
        )

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
    match behaviour.within:
        case LastWindow(last=last):
            length = duration(last) // timedelta(microseconds=1)
            return Condition(digest[:_ID_CHARACTERS], behaviour, comparison, length=length)
        case FixedWindow(from_=start, to=end):
            return Condition(
                digest[:_ID_CHARACTERS],
                behaviour,
                comparison,
                start=_microseconds(start),
                end=_microseconds(end),
            )
        case _:
            return Condition(digest[:_ID_CHARACTERS], behaviour, comparison)


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


def by_name(conditions: Collection[Condition]) -> Callable[[str], Sequence[Condition]]:
    """Return what tells which of the conditions events of a name can match; it remembers names."""

    @cache
    def naming(event_name: str) -> Sequence[Condition]:
        return [condition for condition in conditions if condition.names(event_name)]

    return naming


def _microseconds(text: str | None) -> int | None:
    instant = None if text is None else parse_timestamp(text)
    return None if instant is None else to_microseconds(instant)
