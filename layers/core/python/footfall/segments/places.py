"""Places: where the leaves of a definition stand, and of those that it refers to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from footfall.segments.definitions import AllOf, AnyOf, InSegment, Node, NotThat
from footfall.segments.rules import Every, Opposite, Rule, Some


@dataclass(frozen=True, slots=True)
class Place:
    """A leaf of a definition: a behaviour, a test of an attribute, or a reference.

    Attributes:
        pointer: the JSON pointer that leads to it from the definition.
        rule: what answers for it; of a reference, the rule of its segment.
        segment_id: the segment that it refers to; None for a leaf of its own.
        places: of a reference, those in the definition of its segment.
    """

    pointer: str
    rule: Rule
    segment_id: str | None = None
    places: Sequence["Place"] = ()


def places_of(
    segment_id: str, definitions: Mapping[str, Node | None], rules: Mapping[str, Rule]
) -> Sequence[Place]:
    """Return the leaves of the segment's definition, from left to right.

    Each definition is gone through once, however often it is referred to.

    Args:
        definitions: by segment, of all that it leads to; None is a segment that is being deleted.
        rules: what the definitions resolve to.
    """
    known: dict[str, Sequence[Place]] = {}

    def places_of_segment(segment_id: str) -> Sequence[Place]:
        if segment_id not in known:
            definition = definitions[segment_id]
            known[segment_id] = (
                [] if definition is None else list(places(definition, rules[segment_id], ""))
            )
        return known[segment_id]

    def places(node: Node, rule: Rule, pointer: str) -> Iterator[Place]:
        match node, rule:
            case AllOf(all=nodes), Every(parts=parts):
                for index, (child, part) in enumerate(zip(nodes, parts, strict=True)):
                    yield from places(child, part, f"{pointer}/all/{index}")
            case AnyOf(any=nodes), Some(parts=parts):
                for index, (child, part) in enumerate(zip(nodes, parts, strict=True)):
                    yield from places(child, part, f"{pointer}/any/{index}")
            case NotThat(not_=child), Opposite(part=part):
                yield from places(child, part, f"{pointer}/not")
            case InSegment(segment=other), _:
                yield Place(pointer, rule, other, places_of_segment(other))
            case _:
                yield Place(pointer, rule)

    return places_of_segment(segment_id)
