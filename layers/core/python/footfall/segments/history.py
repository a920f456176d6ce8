"""Deciding a definition from the whole history of a customer: for previews, and for people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import to_microseconds
from footfall.segments.attributes import attribute_values
from footfall.segments.comparing import satisfies
from footfall.segments.conditions import Condition
from footfall.segments.definitions import Node
from footfall.segments.gathering import amount_of
from footfall.segments.operators import is_true
from footfall.segments.rules import Did, Leaf, Rule, holds, leaves, resolve
from footfall.segments.summing import exact_sum

_ASKED = "?"  # no segment has this id


@dataclass(frozen=True, slots=True)
class Reason:
    """What one leaf says about a customer, and on what ground.

    Attributes:
        found: the count or the sum of the events, or the attribute's value; None for no value.
    """

    leaf: Leaf
    says: bool
    found: int | Decimal | str | bool | datetime | None


def rule_of(definition: Node, others: Mapping[str, Node | None]) -> Rule:
    """Return the definition with what it refers to put in its place.

    Raises:
        KeyError: when it refers to a segment that is not among the others.
    """
    return resolve({**others, _ASKED: definition})[_ASKED]


def is_member(
    definition: Node,
    events: Sequence[Event],
    customer: Customer,
    now: datetime,
    others: Mapping[str, Node | None],
) -> bool:
    """Tell whether the customer with this history is a member at `now`.

    Args:
        others: the definitions of the segments that it refers to, by id.
    """
    rule = rule_of(definition, others)
    return holds(rule, lambda leaf: _reason(leaf, events, customer, now).says)


def reasons(rule: Rule, events: Sequence[Event], customer: Customer, now: datetime) -> list[Reason]:
    """Return what each leaf of the rule says, from left to right."""
    return [_reason(leaf, events, customer, now) for leaf in leaves(rule)]


def _reason(leaf: Leaf, events: Iterable[Event], customer: Customer, now: datetime) -> Reason:
    if isinstance(leaf, Did):
        number = _number(leaf.condition, events, to_microseconds(now))
        return Reason(leaf, satisfies(number, leaf.condition.comparison), number)
    values = attribute_values(customer, leaf.test.attribute)
    value = next(iter(values), None)
    shown = value if isinstance(value, str | int | Decimal | datetime) else None
    return Reason(leaf, is_true(leaf.test, values, now), shown)


def _number(condition: Condition, events: Iterable[Event], now: int) -> int | Decimal:
    counted = [
        event
        for event in events
        if _is_in_time(condition, to_microseconds(event.event_timestamp), now)
        and condition.counts(event)
    ]
    if condition.adds_up:
        return exact_sum(amount_of(condition, event)[1] for event in counted)
    return len(counted)


def _is_in_time(condition: Condition, instant: int, now: int) -> bool:
    end = condition.ends(instant)
    return instant <= now and (end is None or now < end)
