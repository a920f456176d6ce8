"""Workers at the same time: however their AWS calls interleave, the tables end the same.

The calls of the workers are let through one by one, in an order that Hypothesis draws.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition, local

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.domain.events import Event
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, Killed, around_every_call
from tests.builders import deliver, message, purchase
from tests.moto_cloud import moto_cloud
from tests.populations import events_of_people, tables_by_person

WORKERS = 3


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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    events_of_people(),
    st.lists(st.integers(min_value=0, max_value=WORKERS - 1), min_size=20, max_size=60),
)
def test_workers_at_the_same_time_end_in_the_same_tables(
    events: list[Event], turns: list[int]
) -> None:
    assert _tables_after(events, turns) == _tables_one_by_one(events)


@pytest.mark.parametrize("switch", range(1, 12))
def test_a_late_event_never_overrules_one_that_found_nothing_to_change(switch: int) -> None:
    first = purchase(0, minute=10, profile={"firstName": "Jane"})
    repeats = purchase(1, minute=30, profile={"firstName": "Jane"})
    late = purchase(2, minute=20, profile={"firstName": "Janet"})

    for turns in ([1] * switch + [0] * 20, [0] * switch + [1] * 20):
        assert _tables_after([repeats, late], turns, before=first) == _tables_one_by_one(
            [first, repeats, late]
        )


def _tables_one_by_one(events: Sequence[Event]) -> Mapping[str, Sequence[str]]:
    with moto_cloud():
        for event in events:
            assert deliver(message(event)) == []
        return tables_by_person()


def _tables_after(
    events: Sequence[Event], turns: Sequence[int], before: Event | None = None
) -> Mapping[str, Sequence[str]]:
    """Return the tables after the events were dealt out to the workers like cards."""
    turnstile = Turnstile(turns)

    def work(number: int) -> None:
        turnstile.me.number = number
        try:
            for event in events[number::WORKERS]:
                while deliver(message(event)):
                    pass  # SQS would deliver it again as well
        finally:
            turnstile.leave()

    with moto_cloud():
        if before:
            deliver(message(before))
        with around_every_call(turnstile.admit), ThreadPoolExecutor(WORKERS) as workers:
            list(workers.map(work, range(WORKERS)))
        return tables_by_person()


def test_a_redelivery_makes_up_for_the_last_reading_that_a_crash_prevented() -> None:
    first = purchase(0, minute=10, profile={"firstName": "Jane"})
    repeats = purchase(1, minute=30, profile={"firstName": "Jane"})
    late = purchase(2, minute=20, profile={"firstName": "Janet"})

    def repeat_then_write_then_die(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation != "PutItem" or parameters["TableName"] != Setting.CUSTOMERS_TABLE:
            return carry_out()
        deliver(message(repeats))  # it reads a profile that says Jane, and changes nothing
        carry_out()
        raise Killed

    with moto_cloud():
        deliver(message(first))
        with pytest.raises(Killed), around_every_call(repeat_then_write_then_die):
            deliver(message(late))
        deliver(message(late))
        tables = tables_by_person()

    assert tables == _tables_one_by_one([first, repeats, late])
