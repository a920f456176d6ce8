"""Durations of the segment language: `15m`, `6h`, `30d`, `2w`; a day always has 24 hours."""

import re
from datetime import timedelta

MAX_DURATION = timedelta(days=3_650)
_DURATION = re.compile(r"([1-9]\d{0,9})([mhdw])", re.ASCII)
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def parse_duration(text: str) -> timedelta | None:
    """Return the duration that the text names, or None when it names none up to 3,650 days."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    count, unit = match.groups()
    if int(count) > MAX_DURATION // _UNITS[unit]:
        return None
    return int(count) * _UNITS[unit]


def duration(text: str) -> timedelta:
    """Return the duration of a text that has been read already.

    Raises:
        ValueError: when it names none.
    """
    found = parse_duration(text)
    if found is None:
        raise ValueError
    return found
