"""The headers that tell Klaviyo's clients how many requests they have left.

The gateway keeps the rates, and no function learns what it has counted. So each process counts the
requests that it has answered itself: what is left is at most what the headers say.
"""

from collections import Counter
from collections.abc import Hashable, Mapping

from footfall.http.klaviyo_routes import Rate


class _Window:
    """Counts requests in windows of fixed length; it remembers the present window only."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self._number = -1
        self._counts: Counter[Hashable] = Counter()

    def count(self, key: Hashable, now: float) -> int:
        """Return how many requests there were in this window, with this one.

        Args:
            key: what is counted by itself.
            now: in seconds since 1970.
        """
        number = int(now) // self.seconds
        if number != self._number:
            self._number = number
            self._counts.clear()
        self._counts[key] += 1
        return self._counts[key]

    def seconds_left(self, now: float) -> int:
        """Return how many whole seconds the window still has."""
        return int(self.seconds - now % self.seconds)


_SECOND = _Window(1)
_MINUTE = _Window(60)


def rate_headers(key: Hashable, rate: Rate, now: float) -> Mapping[str, str]:
    """Count a request, and return the headers of the window with the fewest requests left.

    Where both have as many, that is the one which lasts longer.

    Args:
        key: whose requests, and on which route.
        rate: that of the route.
        now: in seconds since 1970.
    """
    windows = [
        (max(limit - window.count(key, now), 0), window.seconds_left(now), limit)
        for window, limit in ((_SECOND, rate.burst), (_MINUTE, rate.steady))
    ]
    remaining, seconds_left, limit = min(windows, key=lambda window: (window[0], -window[1]))
    return {
        "RateLimit-Limit": f"{limit}, {rate.burst};w=1, {rate.steady};w=60",
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(seconds_left),
    }
