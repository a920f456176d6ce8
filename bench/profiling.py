"""Where the time of a program goes; not for timing, as a profiler makes small calls look dear."""

import cProfile
import pstats
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from bench.results import Results

OwnTimes: TypeAlias = Counter[tuple[str, str]]
"""CPU seconds that each function took for itself, by its module and its name."""

Owner = TypeVar("Owner")

_BUILT_IN = "built in"
_METHOD = re.compile(r"<method '(\w+)' of '([\w.]+)' objects>")
_FUNCTION = re.compile(r"<built-in method (?:builtins\.)?([\w.]+)>")
_LISTED = 5


def own_times(run: Callable[[], object]) -> OwnTimes:
    """Return where the time of a run goes."""
    profiler = cProfile.Profile(time.process_time)
    profiler.runcall(run)
    modules = {getattr(module, "__file__", None): name for name, module in [*sys.modules.items()]}
    found: OwnTimes = Counter()
    statistics: Any = pstats.Stats(profiler)
    for (file, _, function), (_, _, own_time, *_) in statistics.stats.items():
        found[modules.get(file, _BUILT_IN), readable_name(function)] += own_time
    return found


def top_of(own: OwnTimes) -> Sequence[Results]:
    """Return the functions that took the most, by their full names."""
    return [
        {"name": function if module == _BUILT_IN else f"{module}.{function}", "share": share}
        for (module, function), share in shares(own)
    ]


def shares(times: Counter[Owner]) -> Sequence[tuple[Owner, float]]:
    """Return the five that took the most, each with its share of the whole."""
    whole = sum(times.values())
    return [(owner, own_time / whole) for owner, own_time in times.most_common(_LISTED)]


def readable_name(function: str) -> str:
    """Return the name of a function as a reader knows it: `dict.get`, not its description."""
    if method := _METHOD.fullmatch(function):
        return f"{method[2]}.{method[1]}"
    built_in = _FUNCTION.fullmatch(function)
    return built_in[1] if built_in else function.strip("<>")
