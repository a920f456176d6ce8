"""Workers at the same time, whose AWS calls get through one by one, in an order that is given."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition, local

from hypothesis import strategies as st

from footfall.invocations import QueueMessage
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import deliver

WORKERS = 3


def turns_of_workers(least: int, most: int) -> st.SearchStrategy[list[int]]:
    """Draw whose turn it is, for that many turns."""
    return st.lists(st.integers(min_value=0, max_value=WORKERS - 1), min_size=least, max_size=most)


class Turnstile:
    """Lets one AWS call through at a time, of the worker whose turn it is."""

    def __init__(self, turns: Sequence[int]) -> None:
        self._turns = list(turns)
        self._running = set(range(WORKERS))
        self._moved = Condition()
        self._inside = False
        self.me = local()

    @contextmanager
    def passage(self) -> Iterator[None]:
        worker = self.me.number
        with self._moved:
            self._moved.wait_for(lambda: not self._inside and self._next() in {worker, None})
            self._inside = True
            if self._turns:
                self._turns.pop(0)
        try:
            yield
        finally:
            with self._moved:
                self._inside = False
                self._moved.notify_all()

    def admit(self, carry_out: CarryOut, _call: Call) -> object:
        with self.passage():
            return carry_out()

    def leave(self) -> None:
        with self._moved:
            self._running.discard(self.me.number)
            self._moved.notify_all()

    def _next(self) -> int | None:
        while self._turns and self._turns[0] not in self._running:
            self._turns.pop(0)
        return self._turns[0] if self._turns else None


def work_in_turns(messages: Sequence[QueueMessage], turns: Sequence[int]) -> None:
    """Deal the messages out to the workers like cards, and let them process each until it is done.

    Args:
        turns: whose next call gets through; those that come after the last of them, as they like.
    """
    turnstile = Turnstile(turns)

    def work(number: int) -> None:
        turnstile.me.number = number
        try:
            for one in messages[number::WORKERS]:
                while deliver(one):
                    pass  # SQS would deliver it again as well
        finally:
            turnstile.leave()

    with around_every_call(turnstile.admit), ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(work, range(WORKERS)))
