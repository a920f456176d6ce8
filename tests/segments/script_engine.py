"""Drives the engine through a script, as its functions would: news, due timers and back-fills."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from random import Random

from footfall.aws.segment_states import from_state_item, to_state_item
from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import from_microseconds, to_microseconds
from footfall.segments.conditions import Condition
from footfall.segments.deciding import CLOCK_TOLERANCE, Decision, decide
from footfall.segments.news import NO_NEWS, Arrival, News
from footfall.segments.outset import outset
from footfall.segments.reading import read_definition
from footfall.segments.segment import Segment
from footfall.segments.state import UNDECIDED
from footfall.segments.store_segments import StoreSegments
from footfall.segments.transitions import Transition
from tests.segments.random_cases import (
    CUSTOMER_ID,
    STORE_ID,
    Action,
    Profile,
    Record,
    Removed,
    Replaced,
    SegmentDeleted,
    SegmentPut,
    Step,
    Stored,
    World,
)


class ScriptEngine:
    """One customer of one store, decided step by step.

    Attributes:
        told: every transition, in the order in which it was told.
        decided_at: the instant that the customer was last decided for, written or not.
    """

    def __init__(self, seed: int) -> None:
        self.world = World()
        self.state = UNDECIDED
        self.decided_at = 0
        self.told: list[Transition] = []
        self._rng = Random(seed)  # noqa: S311  # a repeatable case, not a secret
        self._segments: dict[str, Segment] = {}
        self._generation = 0
        self._store = StoreSegments(0, [])
        self._earlier_store = self._store

    def members(self) -> set[str]:
        """Return the segments that the state says the customer is in."""
        return {one.segment_id for one in self._segments.values() if self.state.is_member(one)}

    def wake_when_due(self, now: datetime) -> list[datetime]:
        """Decide at every instant up to now at which the due index asks for it, and return them."""
        woken: list[datetime] = []
        while self.state.armed is not None and self.state.armed <= to_microseconds(now):
            due = from_microseconds(self.state.armed)
            self.decide(due)
            woken.append(due)
            if len(woken) > 1_000:
                raise AssertionError("the due index asks again and again")
        return woken

    def take(self, step: Step) -> None:
        """Take what the step tells, in its order."""
        for record in step.written:
            self.world.write(record)
        for news, fields, change in _news(step.actions):
            before = self.world.customer
            for action in change:
                self.world.tell(action)
                self._change_segments(action, step.now)
            if change and not news and not fields:
                self.decide(step.now)
            else:
                self.decide(
                    step.now,
                    News([_arrival(record) for record in news], _changed(before, fields)),
                    is_behind=self._rng.random() < 0.3,
                )
        if self.state.generation < self._generation:
            self.decide(step.now)

    def decide(
        self,
        now: datetime,
        news: News = NO_NEWS,
        *,
        is_behind: bool = False,
    ) -> Decision | None:
        """Decide once, and write the state if it is new."""
        if self.world.customer is None or self._generation == 0:
            return None
        store = self._store
        if is_behind and self._earlier_store.generation >= self.state.generation:
            store = self._earlier_store
        decision = decide(
            store,
            self.world.customer,
            self.state,
            news=news,
            now=to_microseconds(now),
            timeline=self._timeline,
        )
        decided_at = decision.state.as_of
        if not decided_at < self.decided_at <= decided_at + CLOCK_TOLERANCE:
            self.decided_at = decided_at
        if decision.is_new:
            self.state = from_state_item(to_state_item(STORE_ID, CUSTOMER_ID, decision))
            assert self.state == decision.state
            self.told += decision.decided.transitions
        return decision

    def _timeline(self, conditions: Collection[Condition], start: int | None) -> Iterator[Event]:
        return (
            event
            for event in self.world.history
            if (start is None or to_microseconds(event.event_timestamp) >= start)
            and any(condition.names(event.event_name) for condition in conditions)
        )

    def _change_segments(self, action: Action, now: datetime) -> None:
        match action:
            case SegmentPut(segment_id=segment_id, definition=document):
                self._generation += 1
                definition = read_definition(document)
                present = self._segments.get(segment_id)
                others = {one.segment_id: one.definition for one in self._segments.values()}
                self._segments[segment_id] = Segment(
                    segment_id=segment_id,
                    name=segment_id,
                    number=present.number if present else self._generation,
                    generation=self._generation,
                    definition=definition,
                    outset=present.outset if present else outset(segment_id, definition, others),
                    stored_at=to_microseconds(now),
                )
            case SegmentDeleted(segment_id=segment_id):
                self._generation += 1
                present = self._segments.pop(segment_id)
                leaving = Segment(
                    segment_id=segment_id,
                    name=segment_id,
                    number=present.number,
                    generation=self._generation,
                    definition=None,
                    outset=present.outset,
                    stored_at=to_microseconds(now),
                )
                self._store = StoreSegments(self._generation, [*self._segments.values(), leaving])
                self.decide(now)  # the walk that lets everybody leave
                self._generation += 1  # and then the segment goes
            case _:
                return
        self._earlier_store = self._store
        self._store = StoreSegments(self._generation, self._segments.values())


def _news(
    actions: Sequence[Action],
) -> Iterator[tuple[Sequence[Record], Collection[str], Sequence[Action]]]:
    """Yield what comes in one batch: records that follow one another, the profile with them."""
    records: list[Record] = []
    for action in actions:
        if isinstance(action, Stored | Replaced | Removed):
            records.append(action)
            continue
        if records:
            yield records, (), records
            records = []
        if isinstance(action, Profile):
            yield (), {"createdAt", *action.customer.fields}, [action]
        else:
            yield (), (), [action]
    if records:
        yield records, (), records


def _changed(before: Customer | None, fields: Collection[str]) -> Collection[str]:
    return {*fields, *before.fields} if before and fields else fields


def _arrival(record: Record) -> Arrival:
    match record:
        case Stored(sequence=sequence, event=event):
            return Arrival(sequence, event)
        case Replaced(sequence=sequence, old=old, new=new):
            return Arrival(sequence, new, old)
        case Removed(sequence=sequence, old=old):
            return Arrival(sequence, None, old)


def alternates(told: Iterable[Transition]) -> bool:
    """Tell whether entries and exits of each segment take turns, and begin with an entry."""
    inside: set[str] = set()
    for one in told:
        if one.entered == (one.segment_id in inside):
            return False
        inside ^= {one.segment_id}
    return True
