"""How much memory a process has, and whether it went on growing once it was warm."""

import gc
from collections.abc import Mapping, Sequence
from contextlib import suppress
from ctypes import CDLL
from dataclasses import dataclass
from pathlib import Path
from resource import getpagesize
from statistics import median

_RESIDENT = 1  # the second number of /proc/<pid>/statm
_PEAK_OF_RESIDENT = "5"  # as /proc/<pid>/clear_refs has it
_MEBIBYTE = 1024 * 1024


def resident_mebibytes(process: int | str = "self") -> float:
    """Return the resident memory of a process of this machine.

    Raises:
        OSError: when it has ended.
    """
    pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[_RESIDENT]
    return int(pages) * getpagesize() / _MEBIBYTE


def give_back_what_is_free() -> None:
    """Collect garbage, and give the system what the allocator keeps of it."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library has no such function
        CDLL("libc.so.6").malloc_trim(0)


def forget_peak() -> None:
    """Begin the peak anew, at what this process has now: what came before is not of interest."""
    Path("/proc/self/clear_refs").write_text(_PEAK_OF_RESIDENT, encoding="ascii")


def peak_mebibytes() -> float:
    """Return the most memory that this process has had since the peak was begun anew."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, amount = line.partition(":")
        if name == "VmHWM":
            return int(amount.removesuffix("kB")) / 1024
    return 0.0


@dataclass(frozen=True, slots=True)
class Growth:
    """The memory of a process over a run, in MiB: what it has when half of the run is over counts.

    Attributes:
        begin: before anything was done.
        middle: the median of the second quarter.
        end: the median of the last quarter.
    """

    begin: float
    middle: float
    end: float

    @property
    def growth(self) -> float:
        """How much the second half of the run has added."""
        return self.end - self.middle

    def as_json(self) -> Mapping[str, float]:
        """Return what results.json keeps."""
        return {
            "begin": round(self.begin, 1),
            "middle": round(self.middle, 1),
            "end": round(self.end, 1),
            "growth": round(self.growth, 1),
        }


def growth_of(samples: Sequence[float]) -> Growth:
    """Return the growth over samples that were taken at equal distances; at least one."""
    quarter = max(1, len(samples) // 4)
    half = len(samples) // 2
    return Growth(
        begin=samples[0],
        middle=median(samples[half - quarter : half] or samples[:1]),
        end=median(samples[-quarter:]),
    )
