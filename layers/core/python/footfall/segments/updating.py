"""Bringing a customer's evidence up to date: by what is new, or from the timeline where that ends.

What is not surely known is gathered from the timeline: a condition that came with a new definition,
one that an event was replaced or deleted for, one whose evidence had been cut, and a sum that may
or may not hold an event.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from footfall.segments.adding import Addend
from footfall.segments.conditions import Condition
from footfall.segments.counting import (
    CountEvidence,
    count_settled,
    is_settled_for_ever,
    with_moments,
)
from footfall.segments.evidence import Evidence, known_until, nothing_about
from footfall.segments.gathering import (
    Timeline,
    amounts_after,
    gather,
)
from footfall.segments.happening import Moment, event_number, moment_of
from footfall.segments.interests import Interest
from footfall.segments.newcomers import Newcomer, Newcomers
from footfall.segments.news import Arrival
from footfall.segments.readings import Reading, first_recent, reading_of, without
from footfall.segments.situation import Situation
from footfall.segments.summing import Amount, SumEvidence, refilled, runs_out, with_amounts


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of a customer, from the last decision up to now and beyond.

    Attributes:
        evidence: by condition.
        concerned: the numbers of the segments that something new can concern.
        arrived: the new events, by the condition that they count for.
        revised: the instants of replaced events, by the condition that they, or what was in their
            place, count for; of deleted events there are none.
    """

    evidence: Mapping[str, Evidence]
    concerned: Collection[int]
    arrived: Mapping[str, Newcomers]
    revised: Mapping[str, Collection[int]]
    position: int | None
    reading: Reading | None

    def touches(self, condition_id: str) -> bool:
        """Tell whether new, replaced or deleted events concern the condition."""
        return condition_id in self.arrived or condition_id in self.revised

    def instants(self, condition_id: str) -> Iterator[int]:
        """Yield when these events happened."""
        if condition_id in self.arrived:
            yield from (instant for instant, _ in self.arrived[condition_id].moments)
        yield from self.revised.get(condition_id, ())


def up_to_date(situation: Situation, timeline: Timeline) -> Knowledge:
    """Return what is known of the customer now."""
    updating = _Updating(situation, timeline)
    updating.take_arrivals()
    concerned = updating.gather_what_is_missing()
    return Knowledge(
        evidence=updating.evidence,
        concerned=concerned,
        arrived=updating.arrived,
        revised=updating.revised,
        position=updating.position,
        reading=updating.reading,
    )


class _Updating:
    """Evidence on its way; what is in `missing` has to be gathered from the timeline."""

    def __init__(self, situation: Situation, timeline: Timeline) -> None:
        state, self._store = situation.state, situation.store
        self._situation = situation
        self._timeline = timeline
        self._start = situation.start
        self.evidence: dict[str, Evidence] = {
            known: one for known, one in state.evidence.items() if known in self._store.conditions
        }
        self.position = state.position
        self.reading = state.reading
        self.arrived: dict[str, Newcomers] = {}
        self.revised: dict[str, set[int]] = defaultdict(set)
        self.missing: set[str] = set(
            self._store.conditions
            if situation.clock_is_back
            else self._store.unknown_at(state.generation)
        )

    def take_arrivals(self) -> None:
        interests = self._store.interests
        met: dict[Interest, list[Newcomer]] = defaultdict(list)
        read = frozenset() if self.reading is None else self.reading.ids
        for arrival in _each_once(self._situation.news.arrivals):
            if arrival.new is None or arrival.old is not None:
                self._revise(arrival)
                continue
            finding = arrival.finding
            if finding is None or finding.interests is not interests:
                finding = interests.finding(arrival.new)
            if finding.met:
                moment = finding.moment
                number = moment[1]
                newcomer = Newcomer(arrival.sequence, moment, finding.amounts, number in read)
                for interest in finding.met:
                    met[interest].append(newcomer)
                self._note(arrival.sequence, number)
        for interest, newcomers in met.items():
            self._take(interest, Newcomers(newcomers))

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

    def _revise(self, arrival: Arrival) -> None:
        """Let everything be gathered anew that a replaced or deleted event has a part in."""
        conditions = {one.id for one in self._conditions_of(arrival)}
        if not conditions:
            return
        instant, number = (None, None) if arrival.new is None else moment_of(arrival.new)
        for condition in conditions:
            self.revised[condition].update(() if instant is None else (instant,))
        self.missing |= conditions
        self._note(arrival.sequence, number)

    def _conditions_of(self, arrival: Arrival) -> Iterator[Condition]:
        interests = self._store.interests
        for event in (arrival.new, arrival.old):
            if event is not None:
                yield from interests.finding(event).conditions()
        if arrival.lost_name is not None:
            for interest in interests.named(arrival.lost_name):
                yield from interest.conditions

    def _take(self, interest: Interest, newcomers: Newcomers) -> None:
        state = self._situation.state
        for condition in interest.conditions:
            counted = newcomers.counted_by(condition)
            if counted is None:
                continue
            self.arrived[condition.id] = counted
            if condition.id in self.missing:
                continue
            present = self.evidence.get(condition.id, nothing_about(condition))
            if isinstance(present, CountEvidence):
                self._count(condition, present, counted)
            else:
                self._add(
                    condition, present, counted if state.reading is None else counted.unread()
                )

    def _count(self, condition: Condition, present: CountEvidence, counted: Newcomers) -> None:
        if is_settled_for_ever(condition, present, counted.first, self._start):
            return
        come: list[Moment] = []
        if self._has_come(counted.each[0].sequence):
            come = [one.moment for one in counted.each if self._has_come(one.sequence)]
            following = with_moments(present, come)
            if count_settled(condition, following, self._start) != count_settled(
                condition, present, self._start
            ):
                self.missing.add(condition.id)  # an event may have been replaced or deleted since
                return
        self.evidence[condition.id] = with_moments(present, counted.moments[len(come) :])

    def _add(self, condition: Condition, present: SumEvidence, added: Newcomers | None) -> None:
        if added is None:
            return
        if condition.addend is not None and self._are_surely_new(condition, present, added):
            amounts = added.amounts(condition.addend)
            self.evidence[condition.id] = with_amounts(condition, present, amounts, self._start)
        else:
            self.missing.add(condition.id)

    def _are_surely_new(self, condition: Condition, present: SumEvidence, added: Newcomers) -> bool:
        if self._has_come(added.each[0].sequence) or (
            self.reading is not None and added.oldest <= self.reading.floor
        ):
            return False
        recent = first_recent(self._situation.now)
        if added.oldest >= recent:
            return True
        # A head is refilled from the timeline, where an event may stand before its record comes.
        end = runs_out(condition, present)
        length = condition.length or 0
        return end is None or all(
            number >= recent or instant + length > end for instant, number in added.moments
        )

    def _has_come(self, sequence: int) -> bool:
        """Tell whether this record, or a later one, was in the evidence when it was kept."""
        position = self._situation.state.position
        return position is not None and sequence <= position

    def _note(self, sequence: int, number: int | None) -> None:
        if self.position is None or self.position < sequence:
            self.position = sequence
        if self.reading is not None and number is not None:
            self.reading = without(self.reading, number)

    def _concerned(self) -> set[int]:
        situation, store = self._situation, self._store
        if situation.is_first or situation.clock_is_back:
            return set(store.segments)
        numbers = {
            number
            for condition in {*self.arrived, *self.revised, *self.missing}
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
            addend = condition.addend
            if addend is None or isinstance(present, CountEvidence) or present.horizon == until:
                self.missing.add(condition.id)
            else:
                self._refill(condition, addend, present)

    def _refill(self, condition: Condition, addend: Addend, present: SumEvidence) -> None:
        situation = self._situation
        recent = first_recent(situation.now)
        read: list[int] = []

        def amounts() -> Iterator[Amount]:
            through = present.through or 0
            for number, amount in amounts_after(condition, addend, self._timeline, through):
                read.append(number)
                yield amount

        following = refilled(condition, present, amounts(), self._start, situation.now)
        if following is None or max(read, default=0) >= recent:
            self.missing.add(condition.id)
        else:
            self.evidence[condition.id] = following

    def _gather(self) -> None:
        situation = self._situation
        conditions = [self._store.conditions[one] for one in sorted(self.missing)]
        found = gather(conditions, self._timeline, self._start, situation.now)
        self.evidence.update(found.evidence)
        if any(condition.adds_up for condition in conditions):
            self.reading = reading_of(found.added, situation.now)
            for arrival in situation.news.arrivals:
                number = None if arrival.new is None else event_number(arrival.new)
                self._note(arrival.sequence, number)


def _each_once(arrivals: Sequence[Arrival]) -> Iterable[Arrival]:
    """Return the arrivals in the order of the stream, without those that came twice."""
    by_sequence = {one.sequence: one for one in reversed(arrivals)}
    return [by_sequence[sequence] for sequence in sorted(by_sequence)]
