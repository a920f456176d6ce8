"""The clock by which functions remember segments, made the same for every run."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_SECONDS_BETWEEN_INVOCATIONS = 10


class _Clock:
    """Stands still until time is to pass."""

    def __init__(self) -> None:
        self.seconds = 0

    def monotonic(self) -> float:
        return self.seconds


_clock = _Clock()


@contextmanager
def hurried_clock() -> Iterator[None]:
    """Let so much time pass between two invocations that nothing remembered is fresh.

    So each batch reads the generation of its store's segments, as that of a quiet store does; in a
    busy one, batches follow each other so fast that most need not.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("footfall.aws.segment_cache.time", _clock)
        yield


def pass_time() -> None:
    """Let the time between two invocations pass."""
    _clock.seconds += _SECONDS_BETWEEN_INVOCATIONS
