"""Where the time of a request goes: a profile, taken in turns that are not timed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench.profiling import own_times, shares, top_of
from footfall.http.requests import ProxyEvent
from ingest.handler import handler

_PROFILED_TURNS = 25


def profiled(requests: Sequence[ProxyEvent]) -> Mapping[str, Any]:
    """Return who takes the most time of their own, and each package's share of the whole."""
    own = own_times(
        lambda: [handler(one, None) for _ in range(_PROFILED_TURNS) for one in requests]
    )
    packages: Counter[str] = Counter()
    for (module, _), seconds in own.items():
        packages[module.partition(".")[0]] += seconds
    return {
        "functions": top_of(own),
        "packages": dict(shares(packages)),
    }
