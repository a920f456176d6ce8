"""What a definition says about customers, each from the whole history, within the time there is.

A request has no more time than API Gateway gives it, and a customer can have any number of events.
So none may take more than half of the time that is left, but for the last one: a long history keeps
nobody else waiting, and whoever is asked about alone has all the time.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import takewhile

from footfall.aws.timeline import events_between
from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.errors import FootfallError
from footfall.segments.history import Question, Verdict

BUDGET_SECONDS = 20.0
"""For all of them. The gateway waits 29 seconds, and a single call of DynamoDB can be slow."""


class _OutOfTimeError(FootfallError):
    """The history is too long for the time that there is."""


def verdicts(
    question: Question, customers: Sequence[Customer], now: datetime
) -> Iterator[tuple[str, Verdict | None]]:
    """Yield each customer's id, and what the definition says about it; None when time ran out."""
    until = time.monotonic() + BUDGET_SECONDS
    for number, customer in enumerate(customers, start=1):
        left = until - time.monotonic()
        share = left if number == len(customers) else left / 2
        yield customer.customer_id, _verdict(question, customer, now, share)


def _verdict(
    question: Question, customer: Customer, now: datetime, seconds: float
) -> Verdict | None:
    if seconds <= 0:
        return None
    try:
        return question.answer(_events(question, customer, now, seconds), customer, now)
    except _OutOfTimeError:
        return None


def _events(
    question: Question, customer: Customer, now: datetime, seconds: float
) -> Iterator[Event]:
    """Yield the events that can matter, in order of time.

    Raises:
        _OutOfTimeError: when reading them takes too long.
    """
    until = time.monotonic() + seconds

    def is_asked(event_name: str) -> bool:
        if time.monotonic() > until:
            raise _OutOfTimeError
        return question.asks_for(event_name)

    if question.conditions:
        events = events_between(
            customer.store_id,
            customer.customer_id,
            start=question.earliest(now),
            is_asked=is_asked,
        )
        yield from takewhile(lambda event: event.event_timestamp <= now, events)
