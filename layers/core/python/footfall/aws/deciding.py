"""Deciding customers against their tables: read, decide, and write what is new.

Everybody who wakes the engine decides through here. Two who decide the same customer meet in the
write, where the slower one reads again; so none of them has to know of the others.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from footfall.aws.attempts import attempts
from footfall.aws.batches import runs
from footfall.aws.customers import read_customers
from footfall.aws.due_queue import seconds_until, send_due
from footfall.aws.segment_cache import refreshed_segments_of, segments_of
from footfall.aws.segment_states import put_state, read_states, to_state_item
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

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_ATTEMPTS = 10
_TOGETHER = 25
"""So many customers are decided before the first of them is written."""

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

    def tells_more(state: State, told: News) -> bool:
        return state.version == 0 or not told.is_creation

    return _decide_all(store_id, news, tells_more)


def decide_due(store_id: str, customer_ids: Iterable[str], now: datetime) -> Outcome:
    """Decide the customers whose timer has come; leave the others alone."""
    instant = to_microseconds(now)

    def is_due(state: State, _: News) -> bool:
        return state.armed is not None and state.armed <= instant

    return _decide_all(store_id, dict.fromkeys(customer_ids, NO_NEWS), is_due)


def catch_up(store_id: str, customer_ids: Iterable[str], generation: int) -> Outcome:
    """Decide the customers who are not decided up to this generation; leave the others alone."""

    def is_behind(state: State, _: News) -> bool:
        return state.generation < generation

    if segments_of(store_id).generation < generation:
        refreshed_segments_of(store_id)
    return _decide_all(store_id, dict.fromkeys(customer_ids, NO_NEWS), is_behind)


def _decide_all(
    store_id: str, news: Mapping[str, News], is_wanted: Callable[[State, News], bool]
) -> Outcome:
    outcome = Outcome()
    try:
        store = segments_of(store_id)
        states = read_states(store_id, news)
        wanted = {
            customer_id: state
            for customer_id, told in news.items()
            if isinstance(state := states[customer_id], State) and is_wanted(state, told)
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
    for run in runs(wanted, _TOGETHER):
        _decide_together(
            [
                _Case(store, customers[store_id, one], wanted[one], news[one])
                for one in run
                if (store_id, one) in customers
            ],
            outcome,
        )
    return outcome


class _Decided(NamedTuple):
    """A decision, and the item to be written; an empty one when there is nothing to write."""

    decision: Decision
    item: "dict[str, AttributeValueTypeDef]"


class _Case:
    """A customer on the way to the next state."""

    def __init__(self, store: StoreSegments, customer: Customer, state: State, news: News) -> None:
        self.customer = customer
        self._store = store
        self._state = state
        self._news = news
        self._decided: _Decided | None = None

    def decide(self) -> int:
        """Decide the customer, unless segments have to be read for that; write nothing."""
        with suppress(BehindError):
            self._decided = self._decide()
        return 0

    def settle(self) -> int:
        """Write what was decided, or what is decided anew where others were faster.

        Returns:
            How many states were written.
        """
        store_id, customer_id = self.customer.store_id, self.customer.customer_id
        for attempt in attempts(_ATTEMPTS):
            if attempt:
                self._decided = None
                self._state = _read_state(store_id, customer_id)
                self.customer = read_customers([(store_id, customer_id)])[store_id, customer_id]
            try:
                decision, item = self._decided or self._decide()
                if decision.is_new:
                    put_state(item, decision)
            except BehindError:
                self._store = refreshed_segments_of(store_id)
            except ConflictError:
                continue
            else:
                if decision.is_new or attempt:  # the one who was faster may be we, unanswered
                    _queue_if_due_soon(self.customer, decision)
                return int(decision.is_new)
        raise ConflictError("the customer's state is contended")

    def _decide(self) -> _Decided:
        store_id, customer_id = self.customer.store_id, self.customer.customer_id
        decision = decide(
            self._store,
            self.customer,
            self._state,
            news=self._news,
            now=to_microseconds(datetime.now(UTC)),
            timeline=_timeline(store_id, customer_id),
        )
        item = to_state_item(store_id, customer_id, decision) if decision.is_new else {}
        return _Decided(decision, item)


def _decide_together(cases: Sequence[_Case], outcome: Outcome) -> None:
    """Decide all of them, and then write.

    Between two calls of AWS, each decision would take half as long again: what the processor has at
    hand for the one is not what it needs for the other.
    """
    for step in (_Case.decide, _Case.settle):
        for case in cases:
            customer_id = case.customer.customer_id
            if customer_id not in outcome.refused and customer_id not in outcome.undecided:
                _go_on(case, step, outcome)


def _go_on(case: _Case, step: Callable[[_Case], int], outcome: Outcome) -> None:
    """Take a step with a customer; what goes wrong is noted, and stands in no other's way."""
    customer_id = case.customer.customer_id
    try:
        outcome.written += step(case)
    except PermanentError as error:
        outcome.refused[customer_id] = error
    except TransientError as error:
        outcome.undecided[customer_id] = error
    except Exception as error:  # noqa: BLE001  # a bug about one customer holds up no other
        reason = PermanentError(f"unexpected {type(error).__name__}")
        reason.__cause__ = error
        outcome.refused[customer_id] = reason


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
