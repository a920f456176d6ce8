"""What is known about a customer when segments are decided: answers for any instant near now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge

from footfall.domain.customers import Customer
from footfall.domain.timestamps import from_microseconds
from footfall.segments.attributes import attribute_turns, attribute_values
from footfall.segments.conditions import Condition
from footfall.segments.counting import CountEvidence
from footfall.segments.definitions import AttributeRelative
from footfall.segments.evidence import Evidence, flips, known_until, nothing_about, says, turns
from footfall.segments.rules import Did, Is, Leaf, Rule, holds, leaves

_MAX_TURNS = 1_000
"""That are looked at for a flip; it is looked for again from the last of them on."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A customer's attributes, and the evidence of what the customer did.

    Attributes:
        evidence: by condition; a condition that is not there has none.
    """

    customer: Customer
    evidence: Mapping[str, Evidence]
    _lasting: dict[Is, bool] = field(default_factory=dict)

    def holds(self, rule: Rule, now: int) -> bool:
        """Tell whether the rule is true at an instant, in microseconds."""
        if isinstance(rule, Leaf):  # most rules are no more
            return self.says(rule, now)
        return holds(rule, lambda leaf: self.says(leaf, now))

    def says(self, leaf: Leaf, now: int) -> bool:
        """Tell what a leaf says at an instant."""
        if not isinstance(leaf, Did):
            return self._is(leaf, now)
        return says(leaf.condition, self._evidence(leaf.condition), now)

    def flips(
        self, rule: Rule, start: int, end: int, *, answer: bool
    ) -> Iterator[tuple[int, bool]]:
        """Yield every instant in `(start, end]` at which the rule's answer changes, and to what.

        Args:
            answer: at the start.
        """
        for turn in self._flips_of_leaves(rule, start, end):
            if self.holds(rule, turn) != answer:
                answer = not answer
                yield turn, answer

    def next_flip(self, rule: Rule, now: int, *, answer: bool) -> int | None:
        """Return when the rule's answer changes by itself, or until when that cannot be told.

        Args:
            answer: at the present.

        Returns:
            An instant after now before which the answer stays as it is; None when it always does.
        """
        unknown = self._known_until(rule)
        for place, turn in enumerate(self._flips_of_leaves(rule, now, None)):
            if unknown is not None and turn >= unknown:
                return unknown
            if place == _MAX_TURNS or self.holds(rule, turn) != answer:
                return turn
        return unknown

    def true_since(self, rule: Rule, now: int) -> int | None:
        """Return since when the rule's answer is what it is now, as far as the evidence reaches.

        Returns:
            None when the evidence knows of no other answer.
        """
        answer = self.holds(rule, now)
        since: int | None = None
        reach = self._known_from(rule)
        for turn in reversed([turn for turn in self._turns(rule) if turn <= now][-_MAX_TURNS:]):
            if reach is not None and turn <= reach:
                break
            if self.holds(rule, turn) != answer:
                return since
            since = turn
        if since is None or self.holds(rule, since - 1) == answer:
            return reach
        return since

    def _is(self, leaf: Is, now: int) -> bool:
        test = leaf.test
        values = attribute_values(self.customer, test.attribute)
        if isinstance(test, AttributeRelative):
            return leaf.verdict(values, from_microseconds(now))
        if leaf not in self._lasting:
            self._lasting[leaf] = leaf.verdict(values, from_microseconds(now))
        return self._lasting[leaf]

    def _flips_of_leaves(self, rule: Rule, start: int, end: int | None) -> Iterable[int]:
        """Return in order the instants in `(start, end]` at which what some leaf says changes."""
        if isinstance(rule, Leaf):
            return self._flips_of(rule, start, end)
        return merge(*(self._flips_of(leaf, start, end) for leaf in leaves(rule)))

    def _flips_of(self, leaf: Leaf, start: int, end: int | None) -> Iterable[int]:
        if isinstance(leaf, Did):
            return flips(leaf.condition, self._evidence(leaf.condition), start, end)
        turns = sorted(attribute_turns(self.customer, leaf.test))
        return [turn for turn in turns if start < turn and (end is None or turn <= end)]

    def _turns(self, rule: Rule) -> list[int]:
        turns: set[int] = set()
        for leaf in leaves(rule):
            turns.update(self._turns_of(leaf))
        return sorted(turns)

    def _turns_of(self, leaf: Leaf) -> Iterable[int]:
        if not isinstance(leaf, Did):
            return attribute_turns(self.customer, leaf.test)
        return turns(leaf.condition, self._evidence(leaf.condition))

    def _known_until(self, rule: Rule) -> int | None:
        earliest: int | None = None
        for leaf in leaves(rule):
            if isinstance(leaf, Did):
                until = known_until(leaf.condition, self._evidence(leaf.condition))
                if until is not None and (earliest is None or until < earliest):
                    earliest = until
        return earliest

    def _known_from(self, rule: Rule) -> int | None:
        """Return the last instant that stands in a total, before which no sum is known."""
        known = (self._evidence(leaf.condition) for leaf in leaves(rule) if isinstance(leaf, Did))
        return max(
            (
                one.newest
                for one in known
                if not isinstance(one, CountEvidence) and one.newest is not None
            ),
            default=None,
        )

    def _evidence(self, condition: Condition) -> Evidence:
        found = self.evidence.get(condition.id)
        return nothing_about(condition) if found is None else found
