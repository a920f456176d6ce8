"""Waiting for what happens soon, without guessing how soon."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_SECONDS_BETWEEN_LOOKS = 0.1


def eventually(look: Callable[[], Found | None], *, seconds: float = 30) -> Found:
    """Look again and again until there is something to see, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{look.__name__} saw nothing within {seconds} seconds")
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return found
