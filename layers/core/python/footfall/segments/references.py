"""References: what segments refer to, how large that makes them, and what is wrong with it.

Nothing here puts a definition in the place of a reference: where each segment refers to the next
one twice, that would take a time that doubles with every segment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from footfall.domain.faults import Fault
from footfall.segments.definitions import AllOf, AnyOf, InSegment, Node, NotThat

MAX_RESOLVED_LEAVES = 1_000
MAX_RESOLVED_DEPTH = 50
_MAX_NAMED_SEGMENTS = 10

Definitions = Mapping[str, Node | None]
"""By segment; None is a segment that is being deleted."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a definition with all that it refers to, counted wherever it is referred to.

    Attributes:
        leaves: behaviours and attributes.
        depth: levels of nodes; a reference is one.
    """

    leaves: int
    depth: int

    @property
    def is_too_large(self) -> bool:
        """Whether it is more than is allowed."""
        return self.leaves > MAX_RESOLVED_LEAVES or self.depth > MAX_RESOLVED_DEPTH


def reference_faults(segment_id: str, definition: Node, stored: Definitions) -> Sequence[Fault]:
    """Return what is wrong with the references of a definition, their places counted from it.

    Args:
        segment_id: the segment that shall have the definition.
        stored: the segments of the store, with or without this one as it is now.
    """
    definitions = {**stored, segment_id: definition}
    leading = _leading_to(segment_id, definitions)
    misplaced = [
        *_dangling(segment_id, definition, stored),
        *_circular(segment_id, definition, leading),
    ]
    return misplaced or _oversized(segment_id, definitions, leading)


def references(definition: Node | None) -> set[str]:
    """Return the segments that the definition refers to by itself."""
    return {part.segment for _, part in _nodes(definition) if isinstance(part, InSegment)}


def referring(segment_id: str, stored: Definitions) -> list[str]:
    """Return the segments that refer to this one by themselves."""
    return sorted(one for one, definition in stored.items() if segment_id in references(definition))


def with_what_it_refers_to(segment_id: str, stored: Definitions) -> dict[str, Node | None]:
    """Return the definition of the segment, and of every segment that it leads to."""
    found: dict[str, Node | None] = {}
    waiting = [segment_id]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = stored[one]
            waiting.extend(references(stored[one]))
    return found


def _dangling(segment_id: str, definition: Node, stored: Definitions) -> list[Fault]:
    return [
        Fault(
            f"{pointer}/segment",
            f"This segment {'is being deleted' if part.segment in stored else 'does not exist'}.",
        )
        for pointer, part in _nodes(definition)
        if isinstance(part, InSegment)
        and part.segment != segment_id
        and stored.get(part.segment) is None
    ]


def _circular(segment_id: str, definition: Node, leading: Mapping[str, str]) -> list[Fault]:
    return [
        Fault(
            f"{pointer}/segment",
            "Must not lead back to the segment itself: it refers to "
            + ", which refers to ".join(
                f"`{one}`" for one in _chain(part.segment, segment_id, leading)
            )
            + ".",
        )
        for pointer, part in _nodes(definition)
        if isinstance(part, InSegment) and part.segment in leading
    ]


def _chain(start: str, goal: str, leading: Mapping[str, str]) -> list[str]:
    """Return the way from one segment to another, both included, by the next step of each."""
    chain = [start]
    while chain[-1] != goal:
        chain.append(leading[chain[-1]])
    return chain


def _oversized(segment_id: str, definitions: Definitions, leading: Iterable[str]) -> list[Fault]:
    sizes: dict[str, Size] = {}
    if _size_of(segment_id, definitions, sizes).is_too_large:
        return [_too_large("With everything it refers to, the definition would have")]
    outgrown = (
        other for other in sorted(leading) if _size_of(other, definitions, sizes).is_too_large
    )
    return [
        _too_large(f"The segment `{other}`, which leads to this one, would have")
        for other in islice(outgrown, _MAX_NAMED_SEGMENTS)
    ]


def _too_large(subject: str) -> Fault:
    return Fault(
        "",
        f"{subject} more than {MAX_RESOLVED_LEAVES:,} behaviours and attributes, or more than "
        f"{MAX_RESOLVED_DEPTH} levels.",
    )


def _leading_to(segment_id: str, definitions: Definitions) -> dict[str, str]:
    """Return the segments that lead to this one, each with the next step of its shortest way."""
    sources: dict[str, list[str]] = {}
    for one, definition in sorted(definitions.items()):
        for target in references(definition):
            sources.setdefault(target, []).append(one)
    found: dict[str, str] = {}
    waiting = [segment_id]
    for target in waiting:
        for one in sources.get(target, ()):
            if one not in found:
                found[one] = target
                waiting.append(one)
    return found


def _size_of(segment_id: str, definitions: Definitions, sizes: dict[str, Size]) -> Size:
    """Return the size of a segment; what is known stands in `sizes`.

    It calls itself as deep as definitions lead: those that are stored lead 50 levels at most.
    """

    def of_node(node: Node) -> Size:
        match node:
            case AllOf(all=parts) | AnyOf(any=parts):
                found = [of_node(part) for part in parts]
                leaves = sum(one.leaves for one in found)
                return Size(leaves, 1 + max(one.depth for one in found))
            case NotThat(not_=part):
                inner = of_node(part)
            case InSegment(segment=other):
                inner = _size_of(other, definitions, sizes)
            case _:
                return Size(1, 1)
        return Size(inner.leaves, 1 + inner.depth)

    if segment_id not in sizes:
        definition = definitions[segment_id]
        sizes[segment_id] = Size(0, 1) if definition is None else of_node(definition)
    return sizes[segment_id]


def _nodes(node: Node | None, pointer: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every node of a definition with its place."""
    if node is None:
        return
    yield pointer, node
    match node:
        case AllOf(all=parts):
            for index, part in enumerate(parts):
                yield from _nodes(part, f"{pointer}/all/{index}")
        case AnyOf(any=parts):
            for index, part in enumerate(parts):
                yield from _nodes(part, f"{pointer}/any/{index}")
        case NotThat(not_=part):
            yield from _nodes(part, f"{pointer}/not")
