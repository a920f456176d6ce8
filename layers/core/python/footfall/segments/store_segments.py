"""The segments of a store, arranged for asking which of them something can concern."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from footfall.segments.conditions import Condition
from footfall.segments.interests import Interests
from footfall.segments.places import Place, places_of
from footfall.segments.rules import Did, Rule, leaves, resolve
from footfall.segments.segment import Segment


class StoreSegments:
    """All segments of a store at one generation.

    Attributes:
        generation: the greatest of the store's changes that these segments include.
        segments: by number.
        rules: by number.
        conditions: by id.
        sums: the ids of the conditions that ask for a sum.
        interests: what the conditions ask for.
    """

    def __init__(self, generation: int, segments: Iterable[Segment]) -> None:
        self.generation = generation
        self.segments: Mapping[int, Segment] = {one.number: one for one in segments}
        by_id = {one.segment_id: one for one in self.segments.values()}
        definitions = {one.segment_id: one.definition for one in by_id.values()}
        rules = resolve(definitions)
        places = {one: places_of(one, definitions, rules) for one in by_id}
        self.rules: Mapping[int, Rule] = {
            one.number: rules[one.segment_id] for one in self.segments.values()
        }
        self._last_change = _last_changes(by_id, places)
        self._newest_change = max((one.generation for one in by_id.values()), default=0)
        self.conditions: dict[str, Condition] = {}
        self._known_since: dict[str, int] = {}
        for segment in self.segments.values():
            self._note_conditions(segment, places[segment.segment_id])
        self.sums = {one.id for one in self.conditions.values() if one.adds_up}
        self._segments_of_condition: dict[str, set[int]] = defaultdict(set)
        self._segments_of_attribute: dict[str, set[int]] = defaultdict(set)
        self._conditions_of: dict[int, list[Condition]] = {one: [] for one in self.segments}
        for number, rule in self.rules.items():
            for leaf in leaves(rule):
                if isinstance(leaf, Did):
                    self._conditions_of[number].append(leaf.condition)
                    self._segments_of_condition[leaf.condition.id].add(number)
                else:
                    self._segments_of_attribute[leaf.test.attribute].add(number)
        self.interests = Interests(self.conditions.values())

    def changed_at(self, number: int) -> int:
        """Return the generation that last changed the segment, or one that it refers to."""
        return self._last_change[number].generation

    def changed_instant(self, number: int) -> int:
        """Return when that change was stored, in microseconds."""
        return self._last_change[number].stored_at

    def changed_after(self, generation: int) -> Collection[int]:
        """Return the segments that a state of this generation is not decided on."""
        if generation >= self._newest_change:
            return ()
        return [number for number in self.segments if self.changed_at(number) > generation]

    def unknown_at(self, generation: int) -> Collection[str]:
        """Return the conditions that a state of this generation holds no evidence of."""
        if generation >= self._newest_change:
            return ()
        return [known for known, since in self._known_since.items() if since > generation]

    def with_condition(self, condition_id: str) -> Iterable[int]:
        """Return the segments that the condition has a part in."""
        return self._segments_of_condition.get(condition_id, ())

    def with_attribute(self, path: str) -> Iterable[int]:
        """Return the segments that the attribute has a part in."""
        return self._segments_of_attribute.get(path, ())

    def conditions_of(self, numbers: Iterable[int]) -> Iterable[Condition]:
        """Return the conditions that have a part in the segments, each once."""
        found = (one for number in numbers for one in self._conditions_of[number])
        return {one.id: one for one in found}.values()

    def _note_conditions(self, segment: Segment, places: Iterable[Place]) -> None:
        for place in places:
            if place.segment_id is None and isinstance(place.rule, Did):
                condition = place.rule.condition
                self.conditions.setdefault(condition.id, condition)
                known = self._known_since.get(condition.id, segment.generation)
                self._known_since[condition.id] = min(known, segment.generation)


def _last_changes(
    by_id: Mapping[str, Segment], places: Mapping[str, Sequence[Place]]
) -> dict[int, Segment]:
    """Return by number the last changed one of the segment itself and those it refers to."""
    changes: dict[str, Segment] = {}

    def last_change(segment_id: str) -> Segment:
        if segment_id not in changes:
            segment = by_id[segment_id]
            referred_to = (place.segment_id for place in places[segment_id] if place.segment_id)
            others = map(last_change, referred_to)
            changes[segment_id] = max([segment, *others], key=lambda one: one.generation)
        return changes[segment_id]

    return {segment.number: last_change(segment_id) for segment_id, segment in by_id.items()}
