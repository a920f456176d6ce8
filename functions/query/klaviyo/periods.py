"""Conditions on the time of events, as bounds of the timeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil, floor

from footfall.domain.timestamps import from_microseconds, parse_iso_timestamp
from query.klaviyo.asking import bad_parameter
from query.klaviyo.filters import Condition

COMPARISONS = ("greater-than", "greater-or-equal", "less-than", "less-or-equal")

_INSTANT = timedelta(microseconds=1)
_MICROSECONDS = 1_000_000
_MAX_SECONDS = 200_000_000_000
"""Sooner than the last instant that Python knows."""


@dataclass(frozen=True, slots=True)
class Period:
    """Events at or after `start`, and before `end`; None where there is no bound."""

    start: datetime | None = None
    end: datetime | None = None


def period_of(datetimes: Iterable[Condition], timestamps: Iterable[Condition]) -> Period:
    """Return the period in which all conditions hold.

    Args:
        datetimes: on the very instant.
        timestamps: on the whole seconds since 1970.

    Raises:
        ProblemError: 400 for a value that is no time.
    """
    starts: list[datetime] = []
    ends: list[datetime] = []
    bounds = [(one.operator, _read_instant(one.values[0]), _INSTANT) for one in datetimes]
    for one in timestamps:
        seconds = _read_seconds(one.values[0])
        inclusive_end = one.operator in {"greater-than", "less-or-equal"}
        whole = floor(seconds) if inclusive_end else ceil(seconds)
        bounds.append((one.operator, _second(whole), timedelta(seconds=1)))
    for operator, instant, step in bounds:
        following = instant if operator in {"greater-or-equal", "less-than"} else instant + step
        (starts if operator.startswith("greater") else ends).append(following)
    return Period(max(starts, default=None), min(ends, default=None))


def _second(seconds: int) -> datetime:
    return from_microseconds(seconds * _MICROSECONDS)


def _read_instant(text: str) -> datetime:
    """Read ISO 8601, without a zone as UTC; an offset's `+` may have become a space in the URL."""
    instant = parse_iso_timestamp(text.replace(" ", "+") if "T" in text else text)
    if instant is None:
        raise bad_parameter("filter", "Must compare datetime with an ISO 8601 date and time.")
    return min(instant, _second(_MAX_SECONDS))


def _read_seconds(text: str) -> Decimal:
    try:
        seconds = Decimal(text)
    except ArithmeticError:
        seconds = Decimal("NaN")
    if not seconds.is_finite() or not 0 <= seconds <= _MAX_SECONDS:
        raise bad_parameter("filter", "Must compare timestamp with seconds since 1970.")
    return seconds
