"""Readings of the timeline, remembered to tell which events a sum holds already.

A reading finds an event on the timeline that its stream record is still to tell of. A count takes
it twice and is the same; a sum must not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_RANDOM_BITS_OF_AN_ID = 80
_MAX_LISTED_IDS = 200
_MINUTE = 60_000_000
_RECENT = 15 * _MINUTE
"""An event whose record comes this long after it was accepted is looked up on the timeline."""

_LISTED_FOR = 75 * _MINUTE


@dataclass(frozen=True, slots=True)
class Reading:
    """What the last reading for the sums found; events are numbered by their ids.

    Attributes:
        floor: of the events up to this one it is not known whether they were read.
        ids: the events after the floor that were read, and whose record has not come since.
    """

    floor: int
    ids: frozenset[int]


def reading_of(added: Iterable[int], now: int) -> Reading | None:
    """Return what has to be remembered of a reading that put these events into sums."""
    recent = first_recent(now)
    found = set(added)
    listed = sorted(number for number in found if number >= recent)[-_MAX_LISTED_IDS:]
    return _worth_keeping(max(found.difference(listed), default=0), frozenset(listed))


def without(reading: Reading | None, number: int) -> Reading | None:
    """Return what is left to remember when the record of this event has come."""
    if reading is None or number not in reading.ids:
        return reading
    return _worth_keeping(reading.floor, reading.ids - {number})


def aged(reading: Reading | None, now: int) -> Reading | None:
    """Return the reading without ids that were listed for long: the floor rises above them."""
    if reading is None or not reading.ids:
        return reading
    newest = max(reading.ids)
    if newest >= _first_number_of(now - _LISTED_FOR):
        return reading
    return Reading(newest, frozenset())


def first_recent(now: int) -> int:
    """Return the lowest number that an event has whose record may be on its way, as most are."""
    return _first_number_of(now - _RECENT)


def _first_number_of(instant: int) -> int:
    """Return the lowest number of the events accepted from that instant, in microseconds, on."""
    return (instant // 1_000) << _RANDOM_BITS_OF_AN_ID


def _worth_keeping(floor: int, ids: frozenset[int]) -> Reading | None:
    return Reading(floor, ids) if floor or ids else None
