"""Leaving all segments: of a customer who is merged into another one, or deleted.

There is no such person any more, so no segment holds, not even one that only says `not`.
"""

from dataclasses import dataclass

from footfall.segments.segment import Segment
from footfall.segments.state import State
from footfall.segments.store_segments import StoreSegments
from footfall.segments.transitions import Cause, Transition


@dataclass(frozen=True, slots=True)
class Departure:
    """The state of somebody who is gone, and the exits that lead to it.

    Attributes:
        is_new: whether there is anything to write.
    """

    state: State
    exits: list[Transition]
    is_new: bool


def depart(store: StoreSegments, state: State, now: int) -> Departure:
    """Return what follows for a customer who is gone at `now`, in microseconds."""
    exits = [_exit(one, now) for one in store.segments.values() if state.is_member(one)]
    following = State(
        version=state.version + 1,
        generation=store.generation,
        as_of=max(now, state.as_of),
        exceptions=frozenset(one.number for one in store.segments.values() if one.outset),
        position=state.position,
    )
    is_known = bool(state.evidence or state.dues) or state.armed is not None
    return Departure(following, exits, is_new=bool(exits) or is_known or state.reading is not None)


def _exit(segment: Segment, now: int) -> Transition:
    return Transition(
        segment.segment_id, segment.version, entered=False, effective_at=now, cause=Cause.PROFILE
    )
