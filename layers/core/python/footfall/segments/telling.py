"""Telling transitions: at which instants a segment's answer changed since the last decision, why.

As long as nothing has changed the past, every change since is told, in order. Otherwise one is told
if the present differs.
"""

from collections.abc import Container, Iterable

from footfall.domain.timestamps import to_microseconds
from footfall.segments.attributes import CREATED_AT
from footfall.segments.evidence import tells_something
from footfall.segments.facts import Facts
from footfall.segments.segment import Segment
from footfall.segments.situation import Situation
from footfall.segments.transitions import Cause, Transition
from footfall.segments.updating import Knowledge


def transitions_of(
    segment: Segment, situation: Situation, knowledge: Knowledge, facts: Facts
) -> list[Transition]:
    """Return the entries to the segment and the exits from it, in order of time."""
    rule = situation.store.rules[segment.number]
    was = situation.state.is_member(segment)
    start = situation.start
    if _reaches_back(segment, situation) and facts.holds(rule, start) == was:
        flips = list(facts.flips(rule, start, situation.now, answer=was))
        if not flips:
            return []
        instants = _instants_of_events(segment, situation, knowledge)
        return [
            _transition(segment, instant, _cause_at(instant, instants), entered=entered)
            for instant, entered in flips
        ]
    if facts.holds(rule, situation.now) == was:
        return []
    since = facts.true_since(rule, situation.now)
    cause = _cause(segment, situation, knowledge)
    effective_at = _effective_at(segment, situation, cause, since)
    return [_transition(segment, effective_at, cause, entered=not was)]


def _transition(segment: Segment, effective_at: int, cause: Cause, *, entered: bool) -> Transition:
    return Transition(segment.segment_id, segment.version, entered, effective_at, cause)


def _reaches_back(segment: Segment, situation: Situation) -> bool:
    """Tell whether the last decision was about this definition, and the evidence reaches it."""
    return not (
        situation.is_first
        or situation.clock_is_back
        or situation.is_undecided(segment.number)
        or _changed_fields(segment, situation)
    )


def _cause_at(instant: int, instants_of_events: Container[int]) -> Cause:
    return Cause.EVENT if instant in instants_of_events else Cause.TIME


def _instants_of_events(segment: Segment, situation: Situation, knowledge: Knowledge) -> set[int]:
    return {
        instant
        for condition in situation.store.conditions_of([segment.number])
        for instant in knowledge.instants(condition.id)
    }


def _cause(segment: Segment, situation: Situation, knowledge: Knowledge) -> Cause:
    store = situation.store
    conditions = store.conditions_of([segment.number])
    if situation.is_undecided(segment.number):
        created_at = to_microseconds(situation.customer.created_at)
        if not situation.is_first or created_at < store.changed_instant(segment.number):
            return Cause.DEFINITION
        known = map(knowledge.evidence.get, (one.id for one in conditions))
        did_something = any(one is not None and tells_something(one) for one in known)
        return Cause.EVENT if situation.news.arrivals or did_something else Cause.PROFILE
    if any(knowledge.touches(one.id) for one in conditions):
        return Cause.EVENT
    return Cause.PROFILE if _changed_fields(segment, situation) else Cause.TIME


def _effective_at(segment: Segment, situation: Situation, cause: Cause, since: int | None) -> int:
    instants = [] if since is None else [since]
    match cause:
        case Cause.DEFINITION:
            stored_at = situation.store.changed_instant(segment.number)
            instants.append(min(stored_at, situation.now))
        case Cause.PROFILE:
            instants += _set_at(_changed_fields(segment, situation), situation)
    if not instants and situation.is_first:
        instants = [to_microseconds(situation.customer.created_at)]
    begun = [instant for instant in instants if instant <= situation.now]
    return max(begun, default=situation.now)


def _changed_fields(segment: Segment, situation: Situation) -> list[str]:
    return [
        path
        for path in situation.news.fields
        if segment.number in situation.store.with_attribute(path)
    ]


def _set_at(paths: Iterable[str], situation: Situation) -> list[int]:
    customer = situation.customer
    return [
        to_microseconds(customer.created_at if path == CREATED_AT else customer.fields[path].set_at)
        for path in paths
        if path == CREATED_AT or path in customer.fields
    ]
