"""Attempts at what others may be in the way of: a few of them, with growing pauses between."""

import random
import time
from collections.abc import Iterator

_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0


def attempts(number: int) -> Iterator[int]:
    """Yield 0, 1, 2 and so on, and sleep before each but the first: doubling, with full jitter."""
    for attempt in range(number):
        if attempt:
            longest = min(_FIRST_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS)
            time.sleep(random.uniform(0, longest))  # noqa: S311  # no secret
        yield attempt
