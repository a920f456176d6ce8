"""A segment of a store: a definition with a name, and what the engine knows it by."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from footfall.domain.strict_json import dump_json
from footfall.segments.definitions import Node

MAX_SEGMENTS = 2_000
"""Of a store. What all of them decide at once has to fit the one item of a customer's state."""

_VERSION_CHARACTERS = 16


@dataclass(frozen=True)  # without slots, so that it can keep its version
class Segment:
    """A segment as it is stored.

    Attributes:
        number: the generation of the store that created it; never used twice, so a segment that is
            made again under the id of a deleted one is another segment.
        generation: the generation of the store that last changed its definition.
        definition: None once it is being deleted: then nobody is a member.
        outset: what it says about a customer without history, fixed when it is created. States
            list only the customers that differ.
        stored_at: microseconds; when its definition was last changed.
    """

    segment_id: str
    name: str
    number: int
    generation: int
    definition: Node | None
    outset: bool
    stored_at: int

    @cached_property
    def version(self) -> str:
        """Return the hash of its definition: the same content has the same version."""
        return definition_version(self.definition)


def canonical_text(definition: Node, fields: Collection[str] | None = None) -> str:
    """Return the JSON text of a definition: one text for one content, whatever its layout was.

    Args:
        fields: only these of the definition's own; None for all.
    """
    include = None if fields is None else set(fields)
    return dump_json(
        definition.model_dump(mode="python", by_alias=True, exclude_unset=True, include=include)
    )


def definition_version(definition: Node | None) -> str:
    """Return the hash of a definition's canonical text: 16 hexadecimal digits."""
    text = "" if definition is None else canonical_text(definition)
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_CHARACTERS]
