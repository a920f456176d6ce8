"""Keeps the limits of the deployed API at the front: requests per second, for each route.

The usage plan limits each store by itself. Routes whose key the gateway does not see have no store
there; the stage limits those, for all stores together.
A token bucket, as API Gateway has it. Like the real one it counts requests as they arrive, not at
the pace at which this machine can work them off.
"""

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
    """The limits of an API, and what is left of them.

    Args:
        plan: the limits of each store, by route: `/stores/{storeId}/events/POST`.
        stage: the limits of all stores together, likewise.
    """

    def __init__(
        self,
        plan: Mapping[str, Limit],
        stage: Mapping[str, Limit],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan = plan
        self._stage = stage
        self._clock = clock
        self._buckets: dict[tuple[str, str | None], _Bucket] = {}

    def admits(self, route: str, store_id: str | None) -> bool:
        """Take a token of the store, or of the stage where no plan counts by store.

        Returns:
            False when none is left.
        """
        if store_id is not None and route in self._plan:
            return self._take(self._plan[route], (route, store_id))
        if route in self._stage:
            return self._take(self._stage[route], (route, None))
        return True

    def _take(self, limit: Limit, name: tuple[str, str | None]) -> bool:
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(limit.burst, now))
        refilled = bucket.tokens + (now - bucket.counted_at) * limit.rate
        bucket.tokens, bucket.counted_at = min(limit.burst, refilled), now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
