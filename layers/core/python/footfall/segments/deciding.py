"""Deciding a customer's segments: from a state and what is new, to the next state.

Everything that wakes the engine, be it an event, a changed profile, a due timer or the walk of a
back-fill, decides in the same way: it brings the evidence up to date, catches up with segments that
came since the state was decided, and evaluates those that something new can concern, and no others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from footfall.domain.customers import Customer
from footfall.errors import TransientError
from footfall.segments.evidence import Evidence, settled, small_enough, tells_something
from footfall.segments.facts import Facts
from footfall.segments.gathering import Timeline
from footfall.segments.leaving import depart
from footfall.segments.news import News
from footfall.segments.readings import aged
from footfall.segments.situation import Situation
from footfall.segments.state import State
from footfall.segments.store_segments import StoreSegments
from footfall.segments.telling import transitions_of
from footfall.segments.transitions import Decided
from footfall.segments.updating import Knowledge, up_to_date

CLOCK_TOLERANCE = 5_000_000
"""Microseconds by which the clocks of two workers may differ: what one has decided stands."""


class BehindError(TransientError):
    """The state was decided on segments that the caller has not read yet."""


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

    A customer who is merged or deleted leaves every segment.

    A clock that is behind the state by seconds decides as at that state; one that is behind by
    more decides everything anew.

    Raises:
        BehindError: when `store` is older than the state.
    """
    if state.generation > store.generation:
        raise BehindError("the segments have changed since they were read")
    if state.as_of - CLOCK_TOLERANCE <= now < state.as_of:
        now = state.as_of
    if customer.is_gone:
        departure = depart(store, state, now)
        decided = Decided(departure.state.version, now, departure.exits)
        return Decision(departure.state, decided, departure.is_new)
    situation = Situation(store, customer, state, news, now)
    knowledge = up_to_date(situation, timeline)
    following = _following(situation, knowledge)
    facts = Facts(customer, knowledge.evidence)
    transitions = sorted(
        (
            transition
            for number in sorted(knowledge.concerned)
            for transition in transitions_of(store.segments[number], situation, knowledge, facts)
        ),
        key=lambda transition: transition.effective_at,
    )
    return Decision(
        following,
        Decided(following.version, now, transitions),
        is_new=bool(transitions) or _differs(situation, following, knowledge),
    )


def _following(situation: Situation, knowledge: Knowledge) -> State:
    store, state, now = situation.store, situation.state, situation.now
    evidence = _settled(situation, knowledge.evidence, knowledge.concerned)
    facts = Facts(situation.customer, evidence)
    exceptions = set(state.exceptions & store.segments.keys())
    dues = {number: due for number, due in state.dues.items() if number in store.segments}
    for number in knowledge.concerned:
        rule = store.rules[number]
        answer = facts.holds(rule, now)
        if answer != store.segments[number].outset:
            exceptions.add(number)
        else:
            exceptions.discard(number)
        due = facts.next_flip(rule, now, answer=answer)
        if due is None:
            dues.pop(number, None)
        else:
            dues[number] = due
    return State(
        version=state.version + 1,
        generation=store.generation,
        as_of=now,
        evidence=small_enough(evidence),
        exceptions=frozenset(exceptions),
        dues=dues,
        position=knowledge.position,
        reading=aged(knowledge.reading, now),
        armed=_armed(state, dues, now),
    )


def _settled(
    situation: Situation, evidence: Mapping[str, Evidence], concerned: Iterable[int]
) -> dict[str, Evidence]:
    """Return what the next state keeps; what nobody is concerned with stays as it is."""
    store = situation.store
    kept = {known: one for known, one in evidence.items() if known in store.conditions}
    for condition in store.conditions_of(concerned):
        if condition.id in kept:
            kept[condition.id] = settled(condition, kept[condition.id], situation.now)
    return {known: one for known, one in kept.items() if tells_something(one)}


def _armed(state: State, dues: Mapping[int, int], now: int) -> int | None:
    """Return where the due index holds the customer: never later, unless that has come."""
    due = min(dues.values(), default=None)
    if state.armed is None or state.armed <= now:
        return due
    return state.armed if due is None else min(state.armed, due)


def _differs(situation: Situation, following: State, knowledge: Knowledge) -> bool:
    """Tell whether the state says anything new; that time has passed is nothing new."""
    state = situation.state
    if situation.clock_is_back or situation.store.changed_after(state.generation):
        return True
    if following.position != state.position and any(map(knowledge.touches, situation.store.sums)):
        return True  # what was added and taken away again must not be half added once more
    return (
        following.exceptions != state.exceptions
        or following.dues != state.dues
        or following.armed != state.armed
        or following.evidence != _settled(situation, state.evidence, knowledge.concerned)
    )
