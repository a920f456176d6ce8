"""Transitions: entries and exits, as the outbox of a customer's state carries them.

    {"version": 7, "at": 1775131200000000, "transitions": [
        ["vip", "3f2a90c1d4e5b607", true, 1775131199000000, "event"], ...]}

Each is segment, version of the segment, whether it is an entry, its effective instant and its
cause. What one write of a state decided stands together, in the order in which it became true.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from footfall.domain.strict_json import dump_json, parse_json

if TYPE_CHECKING:
    from footfall.domain.values import JsonObject, JsonValue


class Cause(StrEnum):
    """What made a customer enter or leave."""

    EVENT = "event"
    PROFILE = "profile"
    TIME = "time"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True)
class Transition:
    """A customer's entry to a segment, or the exit from it.

    Attributes:
        segment_version: of the definition that decided it.
        effective_at: microseconds; the exact instant from which it is true.
    """

    segment_id: str
    segment_version: str
    entered: bool
    effective_at: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Decided:
    """What one write of a customer's state decided.

    Attributes:
        state_version: the version of the state that it led to.
        at: microseconds; when it was decided.
    """

    state_version: int
    at: int
    transitions: Sequence[Transition]


def to_text(decided: Decided) -> str:
    """Return the text that travels with the state."""
    return dump_json(
        {
            "version": decided.state_version,
            "at": decided.at,
            "transitions": [
                [one.segment_id, one.segment_version, one.entered, one.effective_at, one.cause]
                for one in decided.transitions
            ],
        }
    )


def from_text(text: str) -> Decided:
    """Return what the text of a state tells.

    Raises:
        PermanentError, KeyError, TypeError, ValueError: when it is no such text.
    """
    document = cast("JsonObject", parse_json(text))
    rows = cast("Sequence[Sequence[JsonValue]]", document["transitions"])
    return Decided(
        state_version=cast("int", document["version"]),
        at=cast("int", document["at"]),
        transitions=[
            Transition(
                segment_id=str(segment_id),
                segment_version=str(version),
                entered=entered is True,
                effective_at=cast("int", effective_at),
                cause=Cause(str(cause)),
            )
            for segment_id, version, entered, effective_at, cause in rows
        ],
    )


def transition_id(store_id: str, customer_id: str, decided: Decided, place: int) -> str:
    """Return the id of the transition at that place: the same whenever it is told again."""
    one = decided.transitions[place]
    parts = (store_id, customer_id, one.segment_id, str(decided.state_version), str(place))
    return hashlib.sha256("#".join(parts).encode()).hexdigest()[:32]
