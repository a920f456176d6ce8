"""Bringing a customer's evidence up to date: by what is new, or from the timeline where that ends.

What is not surely known is gathered from the timeline: a condition that came with a new definition,
one that an event was replaced or deleted for, one whose evidence had been cut, and a sum that may
or may not hold an event.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from footfall.domain.events import Event
from footfall.domain.timestamps import to_microseconds
from footfall.segments.conditions import Condition
from footfall.segments.counting import CountEvidence, count_settled, with_moments
from footfall.segments.evidence import Evidence, known_until, nothing_about
from footfall.segments.gathering import (
    Timeline,
    amount_of,
    amounts_after,
    event_number,
    gather,
    moment_of,
)
from footfall.segments.news import Arrival
from footfall.segments.readings import Reading, first_recent, reading_of, without
from footfall.segments.situation import Situation
from footfall.segments.summing import Amount, SumEvidence, refilled, runs_out, with_amount


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of a customer, from the last decision up to now and beyond.

    Attributes:
        evidence: by condition.
        concerned: the numbers of the segments that something new can concern.
        touched: the conditions that new, replaced or deleted events match.
        instants: of these events, by condition.
    """

    evidence: Mapping[str, Evidence]
    concerned: Collection[int]
    touched: Collection[str]
    instants: Mapping[str, Collection[int]]
    position: int | None
    reading: Reading | None


def up_to_date(situation: Situation, timeline: Timeline) -> Knowledge:
    """Return what is known of the customer now."""
    updating = _Updating(situation, timeline)
    updating.take_arrivals()
    concerned = updating.gather_what_is_missing()
    return Knowledge(
        evidence=updating.evidence,
        concerned=concerned,
        touched=updating.touched,
        instants=updating.instants,
        position=updating.position,
        reading=updating.reading,
    )


class _Updating:
    """Evidence on its way; what is in `missing` has to be gathered from the timeline."""

    def __init__(self, situation: Situation, timeline: Timeline) -> None:
        state, self._store = situation.state, situation.store
        self._situation = situation
        self._timeline = timeline
        self.evidence: dict[str, Evidence] = {
            known: one for known, one in state.evidence.items() if known in self._store.conditions
        }
        self.position = state.position
        self.reading = state.reading
        self.touched: set[str] = set()
        self.instants: dict[str, set[int]] = defaultdict(set)
        self.missing: set[str] = set(
            self._store.conditions
            if situation.clock_is_back
            else self._store.unknown_at(state.generation)
        )

    def take_arrivals(self) -> None:
        seen: set[int] = set()
        for arrival in sorted(self._situation.news.arrivals, key=lambda one: one.sequence):
            if arrival.sequence in seen:
                continue
            seen.add(arrival.sequence)
            matched = self._matched(arrival)
            for condition in matched:
                self._take(condition, arrival)
            if matched:
                self._note(arrival)

    def gather_what_is_missing(self) -> Collection[int]:
        """Complete the evidence; return the segments that are concerned then."""
        gathered: set[str] = set()
        while True:
            concerned = self._concerned()
            self._find_what_has_run_out(concerned, gathered)
            if not self.missing.isdisjoint(self._store.sums):
                self.missing |= self._store.sums  # one reading has to be the last of all sums
            if self.missing <= gathered:
                return concerned
            self._gather()
            gathered |= self.missing

    def _matched(self, arrival: Arrival) -> Collection[Condition]:
        matched: dict[str, Condition] = {}
        for event in (arrival.new, arrival.old):
            if event is not None:
                for condition in self._store.conditions_for(event.event_name):
                    if condition.counts(event):
                        matched[condition.id] = condition
        if arrival.lost_name is not None:
            matched |= {one.id: one for one in self._store.conditions_for(arrival.lost_name)}
        return matched.values()

    def _take(self, condition: Condition, arrival: Arrival) -> None:
        self.touched.add(condition.id)
        if arrival.new is not None:
            instant = to_microseconds(arrival.new.event_timestamp)
            self.instants[condition.id].add(instant)
        if condition.id in self.missing:
            return
        present = self.evidence.get(condition.id, nothing_about(condition))
        if arrival.new is None or arrival.old is not None:
            self.missing.add(condition.id)
        elif isinstance(present, CountEvidence):
            self._count(condition, present, arrival.sequence, arrival.new)
        else:
            self._add(condition, present, arrival.sequence, arrival.new)

    def _count(
        self, condition: Condition, present: CountEvidence, sequence: int, event: Event
    ) -> None:
        start = self._situation.start
        following = with_moments(present, [moment_of(event)])
        if not self._has_come(sequence):
            self.evidence[condition.id] = following
        elif count_settled(condition, following, start) != count_settled(condition, present, start):
            self.missing.add(condition.id)  # the event may have been replaced or deleted since

    def _add(self, condition: Condition, present: SumEvidence, sequence: int, event: Event) -> None:
        if self.reading is not None and event_number(event) in self.reading.ids:
            return
        if self._is_surely_new(condition, present, sequence, event):
            amount = amount_of(condition, event)
            start = self._situation.start
            self.evidence[condition.id] = with_amount(condition, present, amount, start)
        else:
            self.missing.add(condition.id)

    def _is_surely_new(
        self, condition: Condition, present: SumEvidence, sequence: int, event: Event
    ) -> bool:
        number = event_number(event)
        if self._has_come(sequence) or (self.reading is not None and number <= self.reading.floor):
            return False
        if number >= first_recent(self._situation.now):
            return True
        # A head is refilled from the timeline, where an event may stand before its record comes.
        end = runs_out(condition, present)
        instant = to_microseconds(event.event_timestamp)
        return end is None or instant + (condition.length or 0) > end

    def _has_come(self, sequence: int) -> bool:
        """Tell whether this record, or a later one, is in the evidence already."""
        return self.position is not None and sequence <= self.position

    def _note(self, arrival: Arrival) -> None:
        self.position = max(arrival.sequence, self.position or 0)
        if arrival.new is not None:
            self.reading = without(self.reading, event_number(arrival.new))

    def _concerned(self) -> set[int]:
        situation, store = self._situation, self._store
        if situation.is_first or situation.clock_is_back:
            return set(store.segments)
        numbers = {
            number
            for condition in self.touched | self.missing
            for number in store.with_condition(condition)
        }
        for path in situation.news.fields:
            numbers.update(store.with_attribute(path))
        numbers.update(n for n, due in situation.state.dues.items() if due <= situation.now)
        numbers.update(store.changed_after(situation.state.generation))
        return numbers & store.segments.keys()

    def _find_what_has_run_out(self, numbers: Iterable[int], gathered: Collection[str]) -> None:
        now = self._situation.now
        for condition in self._store.conditions_of(numbers):
            present = self.evidence.get(condition.id)
            if present is None or condition.id in self.missing or condition.id in gathered:
                continue
            until = known_until(condition, present)
            if until is None or until > now:
                continue
            if isinstance(present, CountEvidence) or present.horizon == until:
                self.missing.add(condition.id)
            else:
                self._refill(condition, present)

    def _refill(self, condition: Condition, present: SumEvidence) -> None:
        situation = self._situation
        recent = first_recent(situation.now)
        read: list[int] = []

        def amounts() -> Iterator[Amount]:
            through = present.through or 0
            for number, amount in amounts_after(condition, self._timeline, through):
                read.append(number)
                yield amount

        following = refilled(condition, present, amounts(), situation.start, situation.now)
        if following is None or max(read, default=0) >= recent:
            self.missing.add(condition.id)
        else:
            self.evidence[condition.id] = following

    def _gather(self) -> None:
        situation = self._situation
        conditions = [self._store.conditions[one] for one in sorted(self.missing)]
        found = gather(conditions, self._timeline, situation.start, situation.now)
        self.evidence.update(found.evidence)
        if any(condition.adds_up for condition in conditions):
            self.reading = reading_of(found.added, situation.now)
            for arrival in situation.news.arrivals:
                self._note(arrival)
