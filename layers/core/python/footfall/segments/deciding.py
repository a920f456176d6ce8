"""Deciding a customer's segments: from a state and what is new, to the next state.

Everything that wakes the engine, be it an event, a changed profile, a due timer or the walk of a
back-fill, decides in the same way: it brings the evidence up to date, catches up with segments that
came since the state was decided, and evaluates those that something new can concern, and no others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import to_microseconds
from footfall.errors import TransientError
from footfall.segments.attributes import CREATED_AT
from footfall.segments.conditions import Condition
from footfall.segments.counting import NOTHING_COUNTED, CountEvidence, count_settled, with_moments
from footfall.segments.facts import Facts, known_until
from footfall.segments.gathering import (
    Timeline,
    amount_of,
    amounts_after,
    event_number,
    first_number_of,
    gather,
    moment_of,
)
from footfall.segments.rules import Did, leaves
from footfall.segments.segment import Segment
from footfall.segments.state import Evidence, Reading, State
from footfall.segments.store_segments import StoreSegments
from footfall.segments.summing import (
    NOTHING_ADDED,
    Amount,
    SumEvidence,
    refilled,
    runs_out,
    sum_settled,
    with_amount,
)
from footfall.segments.transitions import Cause, Decided, Transition

_SECOND = 1_000_000
CLOCK_TOLERANCE = 5 * _SECOND
"""By which the clocks of two workers may differ; what is decided stands until it has passed."""

_LATE = 15 * 60 * _SECOND
"""An event whose record comes this long after it was accepted is looked up on the timeline."""

_MAX_LISTED_IDS = 200


class BehindError(TransientError):
    """The state was decided on segments that the caller has not read yet."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change of the timeline, as its stream tells it.

    Attributes:
        sequence: its place in the stream; of one customer, later changes have greater ones.
        new: the event as it stands there now, or None when it was deleted.
        old: the event that stood in its place, or None.
    """

    sequence: int
    new: Event | None
    old: Event | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What happened to one customer since the state was decided, as far as the caller knows.

    Attributes:
        fields: the paths of the profile that changed.
    """

    arrivals: Sequence[Arrival] = ()
    fields: Collection[str] = ()


NO_NEWS = News()


@dataclass(frozen=True, slots=True)
class Decision:
    """The state that follows, and what it tells.

    Attributes:
        is_new: whether there is anything to write.
    """

    state: State
    decided: Decided
    is_new: bool


def decide(  # noqa: PLR0913  # everything that a decision depends on
    store: StoreSegments,
    customer: Customer,
    state: State,
    *,
    news: News,
    now: int,
    timeline: Timeline,
) -> Decision:
    """Return the state of the customer at `now`, in microseconds.

    A clock that is behind the state by seconds decides as at that state; one that is behind by
    more decides everything anew.

    Raises:
        BehindError: when `store` is older than the state.
    """
    if state.generation > store.generation:
        raise BehindError("the segments have changed since they were read")
    if state.as_of - CLOCK_TOLERANCE <= now < state.as_of:
        now = state.as_of
    return _Deciding(store, customer, state, news, now, timeline).decision()


@dataclass
class _Deciding:
    """One decision on its way.

    Attributes:
        evidence: known from `start` on.
        lost: the conditions that have to be gathered from the timeline.
        touched: the conditions whose evidence may have changed.
        changes: the instants of the events that are new, by condition.
    """

    store: StoreSegments
    customer: Customer
    state: State
    news: News
    now: int
    timeline: Timeline
    evidence: dict[str, Evidence] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    changes: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.is_first = self.state.version == 0
        self.clock_is_back = self.now < self.state.as_of
        self.start = self.now if self.is_first or self.clock_is_back else self.state.as_of
        self.evidence = {
            known: one
            for known, one in self.state.evidence.items()
            if known in self.store.conditions
        }
        self.position = self.state.position
        self.reading = self.state.reading

    def decision(self) -> Decision:
        self._lose_what_is_not_known()
        self._take_arrivals()
        numbers = self._bring_up_to_date()
        transitions: list[Transition] = []
        facts = Facts(self.customer, self.evidence)
        for number in sorted(numbers):
            transitions += self._transitions(self.store.segments[number], facts)
        transitions.sort(key=lambda one: one.effective_at)
        following = self._following(numbers, self._settled())
        is_new = bool(transitions) or self.clock_is_back or self._differs(following)
        return Decision(following, Decided(following.version, self.now, transitions), is_new)

    def _lose_what_is_not_known(self) -> None:
        if self.clock_is_back:
            self.lost.update(self.store.conditions)
        elif self.state.generation < self.store.generation:
            self.lost.update(
                known
                for known in self.store.conditions
                if self.store.known_since(known) > self.state.generation
            )

    def _take_arrivals(self) -> None:
        seen: set[int] = set()
        for arrival in sorted(self.news.arrivals, key=lambda one: one.sequence):
            if arrival.sequence in seen or arrival.old == arrival.new:
                continue
            seen.add(arrival.sequence)
            matched = self._matched(arrival)
            for condition in matched:
                self.touched.add(condition.id)
                if arrival.new is not None:
                    instant = to_microseconds(arrival.new.event_timestamp)
                    self.changes.setdefault(condition.id, []).append(instant)
                if arrival.old is not None or arrival.new is None:
                    self.lost.add(condition.id)
                elif condition.adds_up:
                    self._add(condition, arrival.sequence, arrival.new)
                else:
                    self._count(condition, arrival.sequence, arrival.new)
            if matched:
                self._note(arrival)

    def _matched(self, arrival: Arrival) -> Collection[Condition]:
        matched: dict[str, Condition] = {}
        for event in (arrival.new, arrival.old):
            if event is not None:
                for condition in self.store.conditions_for(event.event_name):
                    if condition.counts(event):
                        matched[condition.id] = condition
        return matched.values()

    def _count(self, condition: Condition, sequence: int, event: Event) -> None:
        present = self.evidence.get(condition.id, NOTHING_COUNTED)
        if not isinstance(present, CountEvidence):
            return
        following = with_moments(present, [moment_of(event)])
        if not self._is_old(sequence):
            self.evidence[condition.id] = following
        elif count_settled(condition, following, self.start) != count_settled(
            condition, present, self.start
        ):
            self.lost.add(condition.id)  # the event may have been replaced or deleted since

    def _is_old(self, sequence: int) -> bool:
        return self.position is not None and sequence <= self.position

    def _add(self, condition: Condition, sequence: int, event: Event) -> None:
        if condition.id in self.lost or self._is_read(event):
            return
        present = self.evidence.get(condition.id, NOTHING_ADDED)
        amount = amount_of(condition, event)
        if not isinstance(present, SumEvidence) or not self._is_surely_new(
            condition, present, sequence, event
        ):
            self.lost.add(condition.id)
            return
        self.evidence[condition.id] = with_amount(condition, present, amount, self.start)

    def _is_read(self, event: Event) -> bool:
        return self.reading is not None and event_number(event) in self.reading.ids

    def _is_surely_new(
        self, condition: Condition, present: SumEvidence, sequence: int, event: Event
    ) -> bool:
        if self._is_old(sequence):
            return False
        number = event_number(event)
        if self.reading is not None and number <= self.reading.floor:
            return False
        # A head is refilled from the timeline, where an event may stand before its record comes.
        end = runs_out(condition, present)
        instant = to_microseconds(event.event_timestamp)
        is_behind_the_head = end is None or instant + (condition.length or 0) > end
        return is_behind_the_head or number >= first_number_of(self.now - _LATE)

    def _note(self, arrival: Arrival) -> None:
        """Remember that the record of this event has come."""
        self.position = max(arrival.sequence, self.position or 0)
        if self.reading is not None and arrival.new is not None:
            ids = self.reading.ids - {event_number(arrival.new)}
            self.reading = _worth_keeping(Reading(self.reading.floor, ids))

    def _bring_up_to_date(self) -> set[int]:
        """Gather what is lost or has run out; return the segments that have to be evaluated."""
        gathered: set[str] = set()
        while True:
            numbers = self._concerned(self.touched | self.lost | gathered)
            self._find_run_out(numbers, gathered)
            if self.lost & self._sums():
                self.lost |= self._sums()  # one reading has to cover all sums
            missing = self.lost - gathered
            if not missing:
                return numbers
            self._gather([self.store.conditions[one] for one in sorted(self.lost)])
            gathered |= self.lost

    def _concerned(self, conditions: Iterable[str]) -> set[int]:
        store, state = self.store, self.state
        if self.is_first or self.clock_is_back:
            return set(store.segments)
        numbers = {number for one in conditions for number in store.with_condition(one)}
        numbers.update(number for path in self.news.fields for number in store.with_attribute(path))
        numbers.update(number for number, due in state.dues.items() if due <= self.now)
        if state.generation < store.generation:
            numbers.update(
                number for number in store.segments if store.changed_at(number) > state.generation
            )
        return numbers & store.segments.keys()

    def _find_run_out(self, numbers: Iterable[int], gathered: Collection[str]) -> None:
        for condition in self._conditions_of(numbers):
            present = self.evidence.get(condition.id)
            if present is None or condition.id in self.lost or condition.id in gathered:
                continue
            until = known_until(condition, present)
            if until is None or until > self.now:
                continue
            has_horizon = present.horizon is not None and present.horizon <= self.now
            if has_horizon or isinstance(present, CountEvidence):
                self.lost.add(condition.id)
            else:
                self._refill(condition, present)

    def _refill(self, condition: Condition, present: SumEvidence) -> None:
        recent = first_number_of(self.now - _LATE)
        amounts: list[Amount] = []
        found_recent = False

        def read() -> Iterable[Amount]:
            nonlocal found_recent
            for number, amount in amounts_after(condition, self.timeline, present.through or 0):
                found_recent = found_recent or number >= recent
                amounts.append(amount)
                yield amount

        following = refilled(condition, present, read(), self.start, self.now)
        if following is None or found_recent:
            self.lost.add(condition.id)
        else:
            self.evidence[condition.id] = following

    def _gather(self, conditions: Collection[Condition]) -> None:
        found = gather(conditions, self.timeline, self.start, self.now)
        self.evidence.update(found.evidence)
        if any(condition.adds_up for condition in conditions):
            self.reading = _reading(found.added, self.now)
            for arrival in self.news.arrivals:
                self._note(arrival)

    def _transitions(self, segment: Segment, facts: Facts) -> list[Transition]:
        rule = self.store.rules[segment.number]
        was = self.state.is_member(segment)
        if self._is_continuous(segment) and facts.holds(rule, self.start) == was:
            events = self._instants_of_events(segment)
            return [
                Transition(
                    segment_id=segment.segment_id,
                    segment_version=segment.version,
                    entered=entered,
                    effective_at=instant,
                    cause=Cause.EVENT if instant in events else Cause.TIME,
                )
                for instant, entered in facts.flips(rule, self.start, self.now)
            ]
        if facts.holds(rule, self.now) == was:
            return []
        since = facts.true_since(rule, self.now)
        cause = self._cause(segment, since)
        return [
            Transition(
                segment_id=segment.segment_id,
                segment_version=segment.version,
                entered=not was,
                effective_at=self._effective(segment, cause, since),
                cause=cause,
            )
        ]

    def _is_continuous(self, segment: Segment) -> bool:
        """Tell whether the evidence of the segment reaches back to the last decision."""
        return not (self.is_first or self.clock_is_back or self._is_newer(segment))

    def _is_newer(self, segment: Segment) -> bool:
        return self.store.changed_at(segment.number) > self.state.generation

    def _instants_of_events(self, segment: Segment) -> set[int]:
        return {
            instant
            for condition in self._conditions_of([segment.number])
            for instant in self.changes.get(condition.id, ())
        }

    def _cause(self, segment: Segment, since: int | None) -> Cause:
        if self._is_newer(segment):
            created_at = to_microseconds(self.customer.created_at)
            if created_at < self.store.changed_instant(segment.number):
                return Cause.DEFINITION
            return Cause.EVENT if self.news.arrivals or since is not None else Cause.PROFILE
        if any(one.id in self.touched for one in self._conditions_of([segment.number])):
            return Cause.EVENT
        return Cause.PROFILE if self._changed_fields(segment) else Cause.TIME

    def _effective(self, segment: Segment, cause: Cause, since: int | None) -> int:
        match cause:
            case Cause.DEFINITION:
                instants = [self.store.changed_instant(segment.number), since]
            case Cause.PROFILE:
                instants = [*self._set_at(self._changed_fields(segment)), since]
            case _:
                instants = [since]
        known = [instant for instant in instants if instant is not None]
        if not known and self.is_first:
            known = [to_microseconds(self.customer.created_at)]
        begun = [instant for instant in known if instant <= self.now]
        return max(begun, default=self.now)

    def _changed_fields(self, segment: Segment) -> list[str]:
        return [
            path for path in self.news.fields if segment.number in self.store.with_attribute(path)
        ]

    def _set_at(self, paths: Iterable[str]) -> list[int]:
        fields = self.customer.fields
        return [
            to_microseconds(self.customer.created_at if path == CREATED_AT else fields[path].set_at)
            for path in paths
            if path == CREATED_AT or path in fields
        ]

    def _settled(self) -> dict[str, Evidence]:
        settled: dict[str, Evidence] = {}
        for known, one in self.evidence.items():
            condition = self.store.conditions[known]
            kept = _settle(condition, one, self.now)
            if kept not in (NOTHING_COUNTED, NOTHING_ADDED):
                settled[known] = kept
        return settled

    def _following(self, numbers: Collection[int], evidence: Mapping[str, Evidence]) -> State:
        state, store = self.state, self.store
        facts = Facts(self.customer, evidence)
        exceptions = {one for one in state.exceptions if one in store.segments}
        dues = {number: due for number, due in state.dues.items() if number in store.segments}
        for number in numbers:
            rule = store.rules[number]
            dues.pop(number, None)
            due = facts.next_flip(rule, self.now)
            if due is not None:
                dues[number] = due
            exceptions.discard(number)
            if facts.holds(rule, self.now) != store.segments[number].outset:
                exceptions.add(number)
        return State(
            version=state.version + 1,
            generation=store.generation,
            as_of=self.now,
            evidence=evidence,
            exceptions=frozenset(exceptions),
            dues=dues,
            position=self.position,
            reading=_aged(self.reading, self.now),
            armed=self._armed(dues),
        )

    def _armed(self, dues: Mapping[int, int]) -> int | None:
        """Return where the due index holds the customer: never later, unless it has fired."""
        due = min(dues.values(), default=None)
        armed = self.state.armed
        if armed is None or armed <= self.now:
            return due
        return armed if due is None else min(armed, due)

    def _differs(self, following: State) -> bool:
        state = self.state
        if self.state.generation < self.store.generation and any(
            map(self._is_newer, self.store.segments.values())
        ):
            return True
        present = {
            known: kept
            for known, one in state.evidence.items()
            if known in self.store.conditions
            and (kept := _settle(self.store.conditions[known], one, self.now))
            not in (NOTHING_COUNTED, NOTHING_ADDED)
        }
        return following != replace(
            following,
            evidence=present,
            exceptions=state.exceptions,
            dues=state.dues,
            armed=state.armed,
        )

    def _conditions_of(self, numbers: Iterable[int]) -> list[Condition]:
        found = {
            leaf.condition.id: leaf.condition
            for number in numbers
            for leaf in leaves(self.store.rules[number])
            if isinstance(leaf, Did)
        }
        return list(found.values())

    def _sums(self) -> set[str]:
        return self.store.sums


def _settle(condition: Condition, evidence: Evidence, now: int) -> Evidence:
    if isinstance(evidence, CountEvidence):
        return count_settled(condition, evidence, now)
    return sum_settled(condition, evidence, now)


def _reading(added: Sequence[int], now: int) -> Reading | None:
    """Return what has to be remembered of a reading that added these events."""
    recent = first_number_of(now - _LATE)
    listed = sorted(number for number in added if number >= recent)[-_MAX_LISTED_IDS:]
    floor = max(set(added).difference(listed), default=0)
    return _worth_keeping(Reading(floor, frozenset(listed)))


def _worth_keeping(reading: Reading) -> Reading | None:
    return reading if reading.ids or reading.floor else None


def _aged(reading: Reading | None, now: int) -> Reading | None:
    """Forget ids that have been listed for long; events up to them are then looked up."""
    if reading is None or not reading.ids:
        return reading
    newest = max(reading.ids)
    if newest >= first_number_of(now - 5 * _LATE):
        return reading
    return Reading(newest, frozenset())
