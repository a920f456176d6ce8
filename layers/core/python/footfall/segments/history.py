"""Deciding a definition from the whole history of a customer: for previews, and for people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.faults import Fault
from footfall.domain.timestamps import from_microseconds, to_microseconds
from footfall.segments.adding import exact_sum
from footfall.segments.attributes import attribute_values
from footfall.segments.conditions import Condition, earliest
from footfall.segments.definitions import Node
from footfall.segments.interests import Interests
from footfall.segments.places import Place, places_of
from footfall.segments.references import reference_faults, with_what_it_refers_to
from footfall.segments.rules import Did, Leaf, holds, leaves, resolve

Found: TypeAlias = int | Decimal | str | bool | datetime | None

_ASKED = "?"  # no segment has this id


@dataclass(frozen=True, slots=True)
class Reason:
    """What one leaf of a definition says about a customer, and on what ground.

    Attributes:
        pointer: the place of the leaf in its definition.
        found: the count or the sum of the events, or the attribute's value; None where there is no
            value, and for a reference.
        segment_id: the segment that the leaf refers to; None for a leaf of its own.
        reasons: of a reference, those of the leaves of the segment's definition.
    """

    pointer: str
    says: bool
    found: Found = None
    segment_id: str | None = None
    reasons: Sequence["Reason"] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a definition says about a customer, with a reason for each leaf from left to right."""

    is_member: bool
    reasons: Sequence[Reason]


class Question:
    """A definition with what it refers to, made ready once, and asked of any number of customers.

    Attributes:
        conditions: the behaviours that it asks for, each once.
    """

    def __init__(self, definition: Node, others: Mapping[str, Node | None]) -> None:
        """Make it ready.

        Args:
            definition: what is asked.
            others: the definitions of the segments that it refers to, by id.

        Raises:
            KeyError: when it refers to a segment that is not among the others.
        """
        definitions = with_what_it_refers_to(_ASKED, {**others, _ASKED: definition})
        rules = resolve(definitions)
        self._rule = rules[_ASKED]
        self._leaves = set(leaves(self._rule))
        self._places = places_of(_ASKED, definitions, rules)
        by_id = {one.condition.id: one.condition for one in self._leaves if isinstance(one, Did)}
        self.conditions: Sequence[Condition] = list(by_id.values())
        self._interests = Interests(self.conditions)

    def asks_for(self, event_name: str) -> bool:
        """Tell whether events of this name can matter."""
        return bool(self._interests.named(event_name))

    def earliest(self, now: datetime) -> datetime | None:
        """Return the instant before which no event matters at `now`; None when every one may."""
        instant = earliest(self.conditions, to_microseconds(now))
        return None if instant is None else from_microseconds(instant)

    def answer(self, events: Iterable[Event], customer: Customer, now: datetime) -> Verdict:
        """Return what the definition says about the customer at `now`.

        Args:
            events: in any order; they are gone through once, and none of them is kept.
            customer: the profile at `now`.
            now: what windows and relative operators refer to.
        """
        numbers = self._numbers(events, to_microseconds(now))
        findings = {leaf: _finding(leaf, numbers, customer, now) for leaf in self._leaves}
        return Verdict(
            is_member=holds(self._rule, lambda leaf: findings[leaf].says),
            reasons=[_reason(place, findings) for place in self._places],
        )

    def _numbers(self, events: Iterable[Event], now: int) -> Mapping[str, int | Decimal]:
        """Return what the events add up to, or how many they are, by condition."""
        numbers: dict[str, int | Decimal] = {
            one.id: Decimal(0) if one.adds_up else 0 for one in self.conditions
        }
        for event in events:
            finding = self._interests.finding(event)
            for condition in finding.conditions():
                if not _is_in_time(condition, finding.moment[0], now):
                    continue
                if condition.addend is None:
                    numbers[condition.id] += 1
                else:
                    amount = finding.amounts[condition.addend.path]
                    numbers[condition.id] = exact_sum([Decimal(numbers[condition.id]), amount])
        return numbers


def question_faults(definition: Node, others: Mapping[str, Node | None]) -> Sequence[Fault]:
    """Return what is wrong with the references of a definition that is no segment (yet).

    Args:
        definition: what is to be asked.
        others: the definitions of all segments of the store, by id.
    """
    return reference_faults(_ASKED, definition, others)


def is_member(
    definition: Node,
    events: Iterable[Event],
    customer: Customer,
    now: datetime,
    others: Mapping[str, Node | None],
) -> bool:
    """Tell whether the customer with this history is a member at `now`.

    Args:
        others: the definitions of the segments that it refers to, by id.
    """
    return Question(definition, others).answer(events, customer, now).is_member


@dataclass(frozen=True, slots=True)
class _Finding:
    says: bool
    found: Found


def _finding(
    leaf: Leaf, numbers: Mapping[str, int | Decimal], customer: Customer, now: datetime
) -> _Finding:
    if isinstance(leaf, Did):
        number = numbers[leaf.condition.id]
        return _Finding(leaf.condition.is_met_by(number), number)
    values = attribute_values(customer, leaf.test.attribute)
    value = next(iter(values), None)
    shown = value if isinstance(value, str | int | Decimal | datetime) else None
    return _Finding(leaf.verdict(values, now), shown)


def _reason(place: Place, findings: Mapping[Leaf, _Finding]) -> Reason:
    rule = place.rule
    is_reference = place.segment_id is not None
    return Reason(
        pointer=place.pointer,
        says=holds(rule, lambda leaf: findings[leaf].says),
        found=findings[rule].found if isinstance(rule, Leaf) and not is_reference else None,
        segment_id=place.segment_id,
        reasons=[_reason(one, findings) for one in place.places],
    )


def _is_in_time(condition: Condition, instant: int, now: int) -> bool:
    end = condition.ends(instant)
    return instant <= now and (end is None or now < end)
