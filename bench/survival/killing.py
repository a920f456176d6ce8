"""Kills workers of the run's own cloud at random instants, as nothing else could end them."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from local.settings import STACK_NAME

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
    end = threading.Event()

    def kill() -> None:
        while not end.wait(chance.uniform(*_SECONDS_BETWEEN)):
            (function,) = chance.choices(list(_FUNCTIONS), list(_FUNCTIONS.values()))
            if workers := list(_workers(state, function)):
                with suppress(ProcessLookupError):  # it has just ended
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    dead[function] += 1

    with ThreadPoolExecutor(1) as killer:
        killing = killer.submit(kill)
        try:
            yield dead
        finally:
            end.set()
        killing.result()


def _workers(state: Path, function: str) -> Iterator[int]:
    """Yield the processes of a function."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            is_ours = str(state).encode() in (process / "environ").read_bytes()
            is_wanted = f"{STACK_NAME}-{function}" in (process / "cmdline").read_text()
            if is_ours and is_wanted:
                yield int(process.name)
