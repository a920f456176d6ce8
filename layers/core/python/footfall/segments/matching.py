"""Which events a behaviour is about: by name, and by what stands in them; once and for all."""

import re
from collections.abc import Sequence
from functools import lru_cache

from footfall.domain.events import Event
from footfall.segments.definitions import (
    AllFilter,
    AnyFilter,
    Behaviour,
    Filter,
    Names,
    NotFilter,
    Pattern,
)
from footfall.segments.operators import is_true
from footfall.segments.paths import property_values

_STAR = re.compile(r"(?<!\\)\*")


def matches(behaviour: Behaviour, event: Event) -> bool:
    """Tell whether the event is one that the behaviour counts, wherever it stands in time."""
    return matches_name(behaviour, event.event_name) and (
        behaviour.where is None or passes(behaviour.where, event)
    )


def matches_name(behaviour: Behaviour, event_name: str) -> bool:
    """Tell whether events of this name can match."""
    match behaviour.event:
        case Pattern(like=pattern):
            return _is_like(pattern, event_name)
        case Names(any_of=names):
            return event_name in names
        case name:
            return event_name == name


def passes(condition: Filter, event: Event) -> bool:
    """Tell whether the event passes the filter."""
    match condition:
        case AllFilter(all=parts):
            return all(passes(part, event) for part in parts)
        case AnyFilter(any=parts):
            return any(passes(part, event) for part in parts)
        case NotFilter(not_=part):
            return not passes(part, event)
        case test:
            values = property_values(event, test.property)
            return is_true(test, values, event.event_timestamp)


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
