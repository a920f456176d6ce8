"""What the processes of a local cloud have used of the processors, by what they are."""

import os
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.e2e.cloud_processes import part_of, processes_of

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


def _seconds(stat: str) -> float:
    fields = stat.rpartition(")")[2].split()
    return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / _TICKS_PER_SECOND
