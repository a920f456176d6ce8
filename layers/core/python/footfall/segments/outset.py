"""The outset: what a segment says about a customer who has no history yet."""

from datetime import UTC, datetime

from footfall.segments.definitions import Node
from footfall.segments.references import Definitions, with_what_it_refers_to
from footfall.segments.rules import Did, Leaf, holds, resolve

_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Without a date to compare with, a relative test says the same at any time."""


def outset(segment_id: str, definition: Node, stored: Definitions) -> bool:
    """Tell whether a customer who did nothing, and of whom nothing is known, is a member.

    Args:
        segment_id: the segment that shall have the definition.
        stored: the segments of the store; those that the definition refers to are among them.
    """
    definitions = {**stored, segment_id: definition}
    rules = resolve(with_what_it_refers_to(segment_id, definitions))
    return holds(rules[segment_id], _says_without_history)


def _says_without_history(leaf: Leaf) -> bool:
    if isinstance(leaf, Did):
        return leaf.condition.is_met_by(0)
    return leaf.verdict([], _ANY_TIME)
