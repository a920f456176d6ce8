"""Compares what was accepted with what Footfall holds, and that with the truth of the history.

It trusts the clients' journal and the stored events, and computes all else anew: who is one person,
what a profile says, who is in a segment.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from bench.survival.journal import Journal
from bench.survival.world import SegmentWorld, World
from footfall.domain.events import Event
from tests.segments.naive import flip_instants, is_member

_JUST_BEFORE, _JUST_AFTER = timedelta(seconds=3), timedelta(seconds=2)
"""Who enters or leaves by time alone at the instant of the look is not judged by that look."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is not as it should be, each by its name.

    Attributes:
        lost: accepted, and on no timeline.
        doubled: on timelines more than once.
        unheard_of: stored, though nobody sent it.
        outdated: another version stands than the one accepted last.
        scattered: persons whose events stand with more than one customer.
        mixed: customers with events of more than one person.
        profiles: customers whose profile is not what their timeline says.
        states: memberships, by the customers' states, that are not true of the history.
        members: the same by the Members table.
        counts: segments whose number of members is wrong.
        bus: memberships of which the bus has heard entries and exits not in turn, or not the last.
        hidden: copies of events where nobody sees them; they do no harm.
        miscounted: event names that the catalogue has counted too rarely or, but for those whose
            events are replaced, too often.
        recounted: of these, the ones it has counted too often where people were merged or joined:
            the one thing that decision 13 does not promise after a crash.
    """

    lost: Sequence[str] = ()
    doubled: Sequence[str] = ()
    unheard_of: Sequence[str] = ()
    outdated: Sequence[str] = ()
    scattered: Sequence[str] = ()
    mixed: Sequence[str] = ()
    profiles: Sequence[str] = ()
    states: Sequence[str] = ()
    members: Sequence[str] = ()
    counts: Sequence[str] = ()
    bus: Sequence[str] = ()
    hidden: Sequence[str] = ()
    miscounted: Sequence[str] = ()
    recounted: Sequence[str] = ()

    @property
    def is_clean(self) -> bool:
        """Tell whether everything is as promised."""
        names = {one.name for one in fields(self)} - {"hidden", "recounted"}
        return not any(getattr(self, name) for name in names)

    def as_json(self) -> Mapping[str, Any]:
        """Return how much of each there is."""
        return {one.name: len(getattr(self, one.name)) for one in fields(self)}


def judge(journal: Journal, world: World) -> Verdict:
    """Return what is wrong in a store after all that the journal knows of."""
    seen = [
        (customer_id, event)
        for customer_id, timeline in world.timelines.items()
        for event in timeline
    ]
    times = Counter(_token(event) for _, event in seen)
    scattered, mixed = _persons(journal, seen)
    miscounted = _miscounted(journal, world, [event for _, event in seen])
    recounted = _recounted(world, miscounted)
    return Verdict(
        lost=sorted(journal.accepted - times.keys()),
        doubled=sorted(token for token, number in times.items() if number > 1),
        unheard_of=sorted(times.keys() - journal.persons.keys()),
        outdated=sorted(_outdated(journal, (event for _, event in seen))),
        scattered=scattered,
        mixed=mixed,
        profiles=sorted(one for one in world.customers if not _profile_is_true(world, one)),
        states=sorted(_untrue(world, {name: one.states for name, one in world.segments.items()})),
        members=sorted(_untrue(world, {name: one.members for name, one in world.segments.items()})),
        counts=sorted(
            name for name, one in world.segments.items() if one.count != len(one.members)
        ),
        bus=sorted(_mistold(world.segments)),
        hidden=sorted(_token(event) for event in world.hidden),
        miscounted=sorted(miscounted.keys() - recounted),
        recounted=sorted(recounted),
    )


def _token(event: Event) -> str:
    return event.unique_id or event.event_id


def _outdated(journal: Journal, events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        expected = journal.versions.get(_token(event))
        if expected is not None and event.data["State"] != expected:
            yield _token(event)


def _persons(journal: Journal, seen: Sequence[tuple[str, Event]]) -> tuple[list[str], list[str]]:
    """Return the persons with more than one customer, and the customers with more persons.

    Whether two are one whose union may or may not have been accepted, is not asked.
    """
    one_person = _one_person(journal)
    open_persons = {
        one_person(person)
        for union in journal.open_unions
        for person in (union.person, union.other)
    }
    customers_of: dict[str, set[str]] = defaultdict(set)
    persons_of: dict[str, set[str]] = defaultdict(set)
    for customer_id, event in seen:
        if _token(event) in journal.persons:
            person = one_person(journal.persons[_token(event)])
            customers_of[person].add(customer_id)
            persons_of[customer_id].add(person)
    scattered = [one for one, theirs in customers_of.items() if len(theirs) > 1]
    mixed = [one for one, theirs in persons_of.items() if len(theirs - open_persons) > 1]
    return sorted(scattered), sorted(mixed)


class _one_person:  # noqa: N801 - it is called like a function
    """Tells by which name the union of a person with others is known."""

    def __init__(self, journal: Journal) -> None:
        self._leads: dict[str, str] = {}
        for union in journal.unions:
            self._leads[self(union.other)] = self(union.person)

    def __call__(self, person: str) -> str:
        while self._leads.get(person, person) != person:
            person = self._leads[person]
        return person


def _profile_is_true(world: World, customer_id: str) -> bool:
    """Tell whether each field is what the newest event says that says something of it."""
    said: dict[str, object] = {}
    timeline = world.timelines.get(customer_id, ())
    for event in sorted(timeline, key=lambda one: (one.event_timestamp, one.event_id)):
        said |= event.profile
    fields_now = world.customers[customer_id].fields
    return {path: value for path, value in said.items() if value is not None} == {
        path: field.value for path, field in fields_now.items() if field.value is not None
    }


def _untrue(world: World, claimed: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield each claim, and each missing one, that the history does not bear out."""
    definitions = {name: one.definition for name, one in world.segments.items()}
    for name, definition in definitions.items():
        yield from (f"{name} {gone}" for gone in claimed[name] - world.customers.keys())
        for customer_id, customer in world.customers.items():
            history = world.timelines.get(customer_id, ())
            true = is_member(definition, history, customer, world.at, definitions)
            if true == (customer_id in claimed[name]):
                continue
            start, end = world.at - _JUST_BEFORE, world.at + _JUST_AFTER
            if not flip_instants(definition, history, customer, start, end, definitions):
                yield f"{name} {customer_id}"


def _mistold(segments: Mapping[str, SegmentWorld]) -> Iterator[str]:
    for name, segment in segments.items():
        for customer_id in segment.told.keys() | segment.members:
            told = segment.told.get(customer_id, ())
            in_turn = all(entered == (place % 2 == 0) for place, entered in enumerate(told))
            if not in_turn or (len(told) % 2 == 1) != (customer_id in segment.members):
                yield f"{name} {customer_id}"


def _miscounted(journal: Journal, world: World, events: Sequence[Event]) -> Mapping[str, int]:
    """Return by how much the catalogue's count of an event name is too large; below 0, too small.

    Of events that are replaced it counts each version that stood, as often as there were.
    """
    stored = Counter(event.event_name for event in events)
    replaced = {event.event_name for event in events if _token(event) in journal.versions}
    names = (stored.keys() | world.counted.keys()) - replaced
    surplus = {name: world.counted.get(name, 0) - stored[name] for name in names}
    return {name: number for name, number in surplus.items() if number}


def _recounted(world: World, surplus: Mapping[str, int]) -> set[str]:
    """Return the names counted too often of which there are events of merged customers."""
    of_merged = {
        event.event_name
        for customer_id, timeline in world.timelines.items()
        if customer_id in world.joined
        for event in timeline
    }
    return {name for name, number in surplus.items() if number > 0 and name in of_merged}
