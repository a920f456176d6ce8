"""RFC 3339 timestamps as UTC datetimes, and back. Precision is the microsecond.

Where a contract says no more than ISO 8601, the looser reading stands beside the strict one.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import cast

from msgspec import to_builtins

_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:[0-5]\d)", re.ASCII
)
_ISO_8601 = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:[Zz]|[+-]\d{2}(?::?[0-5]\d)?)?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse_timestamp(text: str) -> datetime | None:
    """Return the instant that an RFC 3339 `date-time` names, or None when the text is none.

    A UTC offset is required, digits beyond the microsecond are cut off (never rounded into the
    next second), and impossible dates such as February 30th are no timestamps.
    """
    if _RFC_3339.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_iso_timestamp(text: str) -> datetime | None:
    """Return the instant that an ISO 8601 date, or date and time, names; None when it names none.

    What it leaves unsaid is zero: without a time it is midnight, without an offset it is UTC.
    Digits beyond the microsecond are cut off.
    """
    if _ISO_8601.fullmatch(text) is None:
        return None
    try:
        instant = datetime.fromisoformat(text.upper())
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def format_timestamp(instant: datetime) -> str:
    """Return the shortest RFC 3339 text of a UTC instant: `2026-04-02T12:00:00Z`."""
    return cast("str", to_builtins(instant.astimezone(UTC)))  # six times as quick as isoformat


def sortable_timestamp(instant: datetime) -> str:
    """Return the fixed-width text whose alphabetical order is the order in time."""
    text = format_timestamp(instant)
    return text if instant.microsecond else f"{text[:-1]}.000000Z"


def to_microseconds(instant: datetime) -> int:
    """Return the microseconds since 1970-01-01T00:00:00Z, exactly."""
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """Return the UTC instant that many microseconds after 1970-01-01T00:00:00Z."""
    return _EPOCH + timedelta(microseconds=microseconds)
