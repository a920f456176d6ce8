"""The memory that requests take: one of them, and the process that all of them came to."""

import resource
import sys
import tracemalloc

from footfall.http.requests import ProxyEvent
from ingest.handler import handler


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
