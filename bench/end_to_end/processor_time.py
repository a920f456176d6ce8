"""What the processes of a local cloud have used of the processors, by what they are."""

import os
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.e2e.cloud_processes import function_of, processes_of

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_USER_TIME, _SYSTEM_TIME = 11, 12
"""Places in /proc/<process>/stat, from behind the name."""


def processor_seconds(state: Path) -> Mapping[str, float]:
    """Return the seconds so far of each part of the cloud that keeps its state there."""
    seconds: dict[str, float] = defaultdict(float)
    for process, command in processes_of(state):
        if part := part_of(command):
            with suppress(OSError):  # it has just ended
                seconds[part] += _seconds(Path(f"/proc/{process}/stat").read_text())
    return seconds


def part_of(command: str) -> str | None:
    """Return what a process is for: a function, MiniStack, or the front; None if nothing of it."""
    if function := function_of(command):
        return function.lower()
    if "local.ministack" in command:
        return "MiniStack"
    return "front" if command.strip().endswith("-m local") else None


def _seconds(stat: str) -> float:
    fields = stat.rpartition(")")[2].split()
    return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / _TICKS_PER_SECOND
