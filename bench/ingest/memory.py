"""The memory that requests take: one of them, and the process that all of them came to."""

import resource
import sys

from bench.peak import peak_bytes
from footfall.http.requests import ProxyEvent
from ingest.handler import handler


def peak_of(request: ProxyEvent) -> int:
    """Return the most bytes that Python held at once for a request, beyond what it held before."""
    handler(request, None)
    return peak_bytes(lambda: handler(request, None))


def resident_bytes() -> int:
    """Return the most memory that this process has had so far."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes if sys.platform == "darwin" else kilobytes * 1024
