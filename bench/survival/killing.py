"""Kills workers of the run's own cloud at random instants, as nothing else could end them."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.cloud_processes import function_of, processes_of
from tests.e2e.meanwhile import meanwhile

_FUNCTIONS = {
    "Authorize": 1,
    "Ingest": 2,
    "Process": 4,
    "Catalogue": 2,
    "Segment": 4,
    "Due": 3,
    "Backfill": 2,
    "Publish": 3,
    "Sweep": 1,
}
"""The functions on the way of an event, and how often each is hit beside the others."""

_SECONDS_BETWEEN = (0.4, 1.6)


@contextmanager
def workers_dying(state: Path, seed: int) -> Iterator[Counter[str]]:
    """Kill a worker of one function after another's while the block runs; count the dead.

    Args:
        state: the directory of the cloud, which its processes and no others know.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    dead: Counter[str] = Counter()

    def kill(is_over: threading.Event) -> None:
        while not is_over.wait(chance.uniform(*_SECONDS_BETWEEN)):
            (function,) = chance.choices(list(_FUNCTIONS), list(_FUNCTIONS.values()))
            if workers := _workers(state, function):
                with suppress(ProcessLookupError):  # it has just ended
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    dead[function] += 1

    with meanwhile(kill):
        yield dead


def _workers(state: Path, function: str) -> list[int]:
    """Return the processes of a function."""
    return [one for one, command in processes_of(state) if function_of(command) == function]
