"""The state directory belongs to one local cloud at a time.

Python's standard library is all this needs: `make clean-local` may come before any installation.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("FOOTFALL_STATE", ROOT / ".local"))


class StateTakenError(Exception):
    """Another local cloud is at work in the directory."""


@contextmanager
def claimed_state(state: Path) -> Iterator[None]:
    """Keep the directory for this process while the block runs; its end, of any kind, frees it.

    Raises:
        StateTakenError: when another process has it.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateTakenError(f"`make run` is at work in {state}; stop it first.") from None
        yield
