"""Points in time as seconds since 1970, which is how Customer.io's Track API writes them."""

import re
from datetime import datetime, timedelta

from footfall.domain.limits import EARLIEST_TIMESTAMP, LATEST_TIMESTAMP_AHEAD
from footfall.domain.numbers import is_number
from footfall.domain.timestamps import from_microseconds, to_microseconds
from footfall.domain.values import JsonValue

_DECIMAL = re.compile(r"[0-9]{1,12}", re.ASCII)
_SECOND = timedelta(seconds=1) // timedelta(microseconds=1)
_EARLIEST = to_microseconds(EARLIEST_TIMESTAMP) // _SECOND


def instant_or_now(value: JsonValue, *, now: datetime) -> datetime:
    """Return the instant of a Unix time; whatever is none, or lies out of bounds, means now.

    Bounds are those of every event: 1990, and a year from now. A fraction of a second is cut off.
    Source: Customer.io's engineers, for both versions of its API; a form has digits in text.
    """
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = int(value.strip())
    if not is_number(value):
        return now
    # The bounds come first, as a number may lie beyond every calendar.
    if not _EARLIEST <= value <= to_microseconds(now + LATEST_TIMESTAMP_AHEAD) // _SECOND:
        return now
    return from_microseconds(int(value) * _SECOND)
