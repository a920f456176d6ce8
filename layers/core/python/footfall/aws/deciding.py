"""Deciding customers against their tables: read, decide, and write what is new.

Everybody who wakes the engine decides through here. Two who decide the same customer meet in the
write, where the slower one reads again; so none of them has to know of the others.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from footfall.aws.attempts import attempts
from footfall.aws.customers import read_customers
from footfall.aws.due_queue import seconds_until, send_due
from footfall.aws.segment_cache import refreshed_segments_of, segments_of
from footfall.aws.segment_states import read_states, write_state
from footfall.aws.timeline import events_between
from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import from_microseconds, to_microseconds
from footfall.errors import ConflictError, PermanentError, TransientError
from footfall.segments.conditions import Condition
from footfall.segments.deciding import BehindError, Decision, decide
from footfall.segments.news import NO_NEWS, News
from footfall.segments.state import State
from footfall.segments.store_segments import StoreSegments

_ATTEMPTS = 10
_SWEPT_EVERY_SECONDS = 120
"""What falls due sooner is queued by whoever wrote it: the next sweep may come too late for it."""


@dataclass
class Outcome:
    """What became of customers who were to be decided.

    Attributes:
        written: how many states are new.
        refused: the customers whose state can never be written, each with the reason.
        undecided: the customers who have to be decided again, each with the reason.
    """

    written: int = 0
    refused: dict[str, PermanentError] = field(default_factory=dict)
    undecided: dict[str, TransientError] = field(default_factory=dict)


def decide_customers(store_id: str, news: Mapping[str, News]) -> Outcome:
    """Decide each of the customers on what is new about them.

    Customers who are not there (yet) are left out: their profile's record will come.

    Args:
        news: by customer.
    """
    return _decide_all(store_id, news, lambda _: True)


def decide_due(store_id: str, customer_ids: Iterable[str], now: datetime) -> Outcome:
    """Decide the customers whose timer has come; leave the others alone."""
    instant = to_microseconds(now)

    def is_due(state: State) -> bool:
        return state.armed is not None and state.armed <= instant

    return _decide_all(store_id, dict.fromkeys(customer_ids, NO_NEWS), is_due)


def catch_up(store_id: str, customer_ids: Iterable[str], generation: int) -> Outcome:
    """Decide the customers who are not decided up to this generation; leave the others alone."""

    def is_behind(state: State) -> bool:
        return state.generation < generation

    if segments_of(store_id).generation < generation:
        refreshed_segments_of(store_id)
    return _decide_all(store_id, dict.fromkeys(customer_ids, NO_NEWS), is_behind)


def _decide_all(
    store_id: str, news: Mapping[str, News], is_wanted: Callable[[State], bool]
) -> Outcome:
    outcome = Outcome()
    try:
        store = segments_of(store_id)
        states = read_states(store_id, news)
        wanted = {
            customer_id: state
            for customer_id in news
            if isinstance(state := states[customer_id], State) and is_wanted(state)
        }
        customers = read_customers((store_id, one) for one in wanted)
    except TransientError as error:
        outcome.undecided = dict.fromkeys(news, error)
        return outcome
    outcome.refused.update(
        (customer_id, state)
        for customer_id, state in states.items()
        if isinstance(state, PermanentError)
    )
    for customer_id, state in wanted.items():
        customer = customers.get((store_id, customer_id))
        if customer is None:
            continue
        try:
            decision = _decide_one(store, customer, state, news[customer_id])
        except PermanentError as error:
            outcome.refused[customer_id] = error
        except TransientError as error:
            outcome.undecided[customer_id] = error
        except Exception as error:  # noqa: BLE001  # a bug about one customer holds up no other
            reason = PermanentError(f"unexpected {type(error).__name__}")
            reason.__cause__ = error
            outcome.refused[customer_id] = reason
        else:
            outcome.written += decision.is_new
    return outcome


def _decide_one(store: StoreSegments, customer: Customer, state: State, news: News) -> Decision:
    store_id, customer_id = customer.store_id, customer.customer_id
    for attempt in attempts(_ATTEMPTS):
        if attempt:
            state = _read_state(store_id, customer_id)
            customer = read_customers([(store_id, customer_id)])[store_id, customer_id]
        try:
            decision = decide(
                store,
                customer,
                state,
                news=news,
                now=to_microseconds(datetime.now(UTC)),
                timeline=_timeline(store_id, customer_id),
            )
            if decision.is_new:
                write_state(store_id, customer_id, decision)
        except BehindError:
            store = refreshed_segments_of(store_id)
        except ConflictError:
            continue
        else:
            if decision.is_new:
                _queue_if_due_soon(customer, decision)
            return decision
    raise ConflictError("the customer's state is contended")


def _read_state(store_id: str, customer_id: str) -> State:
    state = read_states(store_id, [customer_id])[customer_id]
    if isinstance(state, PermanentError):
        raise state
    return state


def _timeline(
    store_id: str, customer_id: str
) -> Callable[[Collection[Condition], int | None], Iterable[Event]]:
    def read(conditions: Collection[Condition], start: int | None) -> Iterator[Event]:
        def is_asked(event_name: str) -> bool:
            return any(condition.names(event_name) for condition in conditions)

        beginning = None if start is None else from_microseconds(start)
        return events_between(store_id, customer_id, start=beginning, is_asked=is_asked)

    return read


def _queue_if_due_soon(customer: Customer, decision: Decision) -> None:
    due = decision.state.armed
    if due is not None:
        seconds = seconds_until(due, datetime.now(UTC))
        if seconds < _SWEPT_EVERY_SECONDS:
            send_due(customer.store_id, [customer.customer_id], seconds)
