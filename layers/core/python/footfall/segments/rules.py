"""Rules: definitions with what they refer to put in its place, ready to be decided.

The one evaluator of the language. What a leaf says is asked of the caller, who knows it from the
evidence of a customer's state, or from the whole history.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from footfall.segments.conditions import Condition, condition_of
from footfall.segments.definitions import (
    AllOf,
    AnyOf,
    AttributeTest,
    Behaviour,
    InSegment,
    Node,
    NotThat,
)
from footfall.segments.operators import Verdict, verdict_of


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """Every part is true."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """Some part is true."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Opposite:
    """The part is not true."""

    part: "Rule"


@dataclass(frozen=True, slots=True, eq=False)
class Did:
    """The customer did what the condition asks for."""

    condition: Condition


@dataclass(frozen=True, slots=True, eq=False)
class Is:
    """The customer is what the test asks for.

    Attributes:
        verdict: tells what the test says.
    """

    test: AttributeTest
    verdict: Verdict


Rule: TypeAlias = Every | Some | Opposite | Did | Is
Leaf: TypeAlias = Did | Is

NOBODY = Some(())
"""True of no customer."""


def holds(rule: Rule, says: Callable[[Leaf], bool]) -> bool:
    """Tell whether the rule is true, by what its leaves say."""
    match rule:
        case Did() | Is():
            return says(rule)
        case Every(parts=parts):
            return all(holds(part, says) for part in parts)
        case Some(parts=parts):
            return any(holds(part, says) for part in parts)
        case Opposite(part=part):
            return not holds(part, says)


def leaves(rule: Rule) -> Sequence[Leaf]:
    """Return the leaves of the rule, from left to right."""
    match rule:
        case Every(parts=parts) | Some(parts=parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Opposite(part=part):
            return leaves(part)
        case _:
            return (rule,)


def resolve(definitions: Mapping[str, Node | None]) -> dict[str, Rule]:
    """Return the rule of each segment.

    Args:
        definitions: by segment; they refer to each other without cycles. None is a segment that is
            being deleted: nobody is in it.

    Raises:
        KeyError: when a segment is referred to that is not there.
    """
    conditions: dict[str, Condition] = {}
    rules: dict[str, Rule] = {}

    def rule_of(node: Node) -> Rule:
        match node:
            case AllOf(all=nodes):
                return Every(tuple(map(rule_of, nodes)))
            case AnyOf(any=nodes):
                return Some(tuple(map(rule_of, nodes)))
            case NotThat(not_=part):
                return Opposite(rule_of(part))
            case Behaviour():
                condition = condition_of(node)
                return Did(conditions.setdefault(condition.id, condition))
            case InSegment(segment=segment_id):
                return segment_rule(segment_id)
            case _:
                return Is(node, verdict_of(node))

    def segment_rule(segment_id: str) -> Rule:
        if segment_id not in rules:
            definition = definitions[segment_id]
            rules[segment_id] = NOBODY if definition is None else rule_of(definition)
        return rules[segment_id]

    for segment_id in definitions:
        segment_rule(segment_id)
    return rules
