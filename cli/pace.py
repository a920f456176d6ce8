"""Spreads requests evenly over time, so that a store stays under its rate."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pace:
    """Hands out turns, at most so many a second, to everything that runs at once."""

    def __init__(
        self,
        requests_per_second: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval = 1 / requests_per_second
        self._clock = clock
        self._sleep = sleep
        self._next_turn = clock()

    async def turn(self) -> None:
        """Wait for the next turn."""
        now = self._clock()
        turn = max(self._next_turn, now)
        self._next_turn = turn + self._interval
        await self._sleep(turn - now)

    def hold(self, seconds: float) -> None:
        """Give no turn for so long: the server asked everybody to wait."""
        self._next_turn = max(self._next_turn, self._clock() + seconds)
