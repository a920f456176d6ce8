"""Which events a behaviour is about: by name, and by what stands in them; once and for all."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

from footfall.segments.definitions import (
    AllFilter,
    AnyFilter,
    Behaviour,
    Filter,
    Names,
    NotFilter,
    Pattern,
)
from footfall.segments.happening import Happening
from footfall.segments.operators import verdict_of
from footfall.segments.paths import reader_of

EventTest: TypeAlias = Callable[[Happening], bool]
"""Tells whether an event of the right name passes a filter."""

_STAR = re.compile(r"(?<!\\)\*")


def matches_name(behaviour: Behaviour, event_name: str) -> bool:
    """Tell whether events of this name can match."""
    match behaviour.event:
        case Pattern(like=pattern):
            return _is_like(pattern, event_name)
        case Names(any_of=names):
            return event_name in names
        case name:
            return event_name == name


def event_test(where: Filter | None) -> EventTest:
    """Return the filter, ready to be asked often."""
    match where:
        case None:
            return lambda _: True
        case AllFilter(all=parts):
            every = [event_test(part) for part in parts]
            return lambda event: all(passes(event) for passes in every)
        case AnyFilter(any=parts):
            some = [event_test(part) for part in parts]
            return lambda event: any(passes(event) for passes in some)
        case NotFilter(not_=part):
            opposite = event_test(part)
            return lambda event: not opposite(event)
        case test:
            read, verdict = reader_of(test.property), verdict_of(test)
            return lambda event: verdict(read(event), event.event_timestamp)


def _is_like(pattern: str, name: str) -> bool:
    """Find the pattern's texts one after the other; trying again elsewhere would find no more."""
    first, *others = _texts(pattern)
    if not others:
        return name == first
    *middle, last = others
    place, end = len(first), len(name) - len(last)
    if place > end or not (name.startswith(first) and name.endswith(last)):
        return False
    for text in middle:
        found = name.find(text, place, end)
        if found < 0:
            return False
        place = found + len(text)
    return True


@lru_cache(maxsize=1024)
def _texts(pattern: str) -> Sequence[str]:
    """Return the texts between the pattern's stars."""
    return [text.replace(r"\*", "*") for text in _STAR.split(pattern)]
