"""The processes of a local cloud: all of them know its state directory, and no others do."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from local.settings import STACK_NAME

EMULATOR = "MiniStack"
FRONT = "front"

_FUNCTION = re.compile(rf"-lambda-{STACK_NAME}-([A-Z][a-z]+)")


def processes_of(state: Path) -> Iterator[tuple[int, str]]:
    """Yield the id of each process, and its command, with spaces between its words."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended, or belongs to somebody else
            if str(state).encode() in (process / "environ").read_bytes():
                command = (process / "cmdline").read_text(encoding="utf-8")
                yield int(process.name), command.replace("\0", " ")


def function_of(command: str) -> str | None:
    """Return the function whose worker has this command, as the stack names it: Process."""
    found = _FUNCTION.search(command)
    return found[1] if found else None


def part_of(command: str) -> str | None:
    """Return what a process is for: a function, MiniStack, or the front; None if nothing of it."""
    if function := function_of(command):
        return function.lower()
    if "local.ministack" in command:
        return EMULATOR
    return FRONT if command.strip().endswith("-m local") else None
