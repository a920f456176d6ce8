"""Where the time goes, and how much memory a request needs; not timed, as to look takes time."""

import cProfile
import pstats
import re
import resource
import sys
import tracemalloc
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from footfall.http.requests import ProxyEvent
from ingest.handler import handler

_LISTED = 5
_PROFILED_TURNS = 25
_BUILT_IN = "built in"


def profiled(requests: Sequence[ProxyEvent]) -> Mapping[str, Any]:
    """Return the five functions with most time of their own, and each package's share, in percent.

    The profiler makes calls dearer than work, so these are shares of the time under the profiler.
    """
    profiler = cProfile.Profile()
    for _ in range(_PROFILED_TURNS):
        for request in requests:
            profiler.enable()
            handler(request, None)
            profiler.disable()
    own_times: Counter[tuple[str, str]] = Counter()
    statistics: Any = pstats.Stats(profiler)
    for (file, _, function), (_, _, own_time, *_) in statistics.stats.items():
        own_times[_module_of(file), readable_name(function)] += own_time
    total = sum(own_times.values())
    packages: Counter[str] = Counter()
    for (module, _), own_time in own_times.items():
        packages[module.partition(".")[0]] += own_time
    return {
        "functions": [
            {"module": module, "function": function, "percent": 100 * own_time / total}
            for (module, function), own_time in own_times.most_common(_LISTED)
        ],
        "packages": {name: 100 * own / total for name, own in packages.most_common(_LISTED)},
    }


def peak_bytes(request: ProxyEvent) -> int:
    """Return the most memory that Python held at once for a request, beyond what it held before."""
    handler(request, None)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        handler(request, None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - before


def resident_bytes() -> int:
    """Return the most memory that this process has had so far."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes if sys.platform == "darwin" else kilobytes * 1024


def _module_of(file: str) -> str:
    """Return the module that a file is; no path of this machine."""
    names = {getattr(module, "__file__", None): name for name, module in [*sys.modules.items()]}
    return names.get(file, _BUILT_IN)


def readable_name(function: str) -> str:
    """Return the name of a function as a reader knows it: `dict.get`, not its description."""
    method = re.fullmatch(r"<method '(\w+)' of '([\w.]+)' objects>", function)
    built_in = re.fullmatch(r"<built-in method (?:builtins\.)?([\w.]+)>", function)
    if method:
        return f"{method[2]}.{method[1]}"
    return built_in[1] if built_in else function
