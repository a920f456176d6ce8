"""The clock by which functions remember segments, made the same for every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace

import pytest

_SECONDS_BETWEEN_LOOKS = 10


@contextmanager
def hurried_clock() -> Iterator[None]:
    """Let so much time pass between two looks at the clock that nothing remembered is fresh.

    So each batch reads the generation of its store's segments, as that of a quiet store does; in a
    busy one, batches follow each other so fast that most need not.
    """
    seconds = count(step=_SECONDS_BETWEEN_LOOKS)
    with pytest.MonkeyPatch.context() as patch:
        clock = SimpleNamespace(monotonic=lambda: next(seconds))
        patch.setattr("footfall.aws.segment_cache.time", clock)
        yield
