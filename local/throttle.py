"""Keeps the usage plan at the front: requests per second, for each store and each route.

A token bucket, as API Gateway has it. Like the real one it counts requests as they arrive, not at
the pace at which this machine can work them off.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate in requests per second, and how many may come at once."""

    rate: float
    burst: int


@dataclass(slots=True)
class _Bucket:
    """What a store has left on a route, and when that was counted."""

    tokens: float
    counted_at: float


class Throttle:
    """The limits of a usage plan, and what every store has left of them."""

    def __init__(
        self, limits: Mapping[str, Limit], clock: Callable[[], float] = time.monotonic
    ) -> None:
        # A literal path goes before one with a parameter in the same place.
        self._routes = [
            (_pattern(route), limits[route]) for route in sorted(limits, key=_parameters)
        ]
        self._clock = clock
        self._buckets: dict[tuple[re.Pattern[str], str], _Bucket] = {}

    def admits(self, method: str, path: str) -> bool:
        """Take a token of the store that the path names; false when none is left."""
        for pattern, limit in self._routes:
            if route := pattern.fullmatch(f"{path}/{method}"):
                return self._take(pattern, limit, route["storeId"])
        return True

    def _take(self, pattern: re.Pattern[str], limit: Limit, store: str) -> bool:
        now = self._clock()
        bucket = self._buckets.setdefault((pattern, store), _Bucket(limit.burst, now))
        refilled = bucket.tokens + (now - bucket.counted_at) * limit.rate
        bucket.tokens, bucket.counted_at = min(limit.burst, refilled), now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True


def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route))


def _parameters(route: str) -> int:
    return route.count("{")
