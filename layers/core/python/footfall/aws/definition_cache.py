"""The definitions that this process has read, by their texts: reading one takes far longer.

A definition takes about eight times the room of its text. So what is remembered is bounded by the
length of the texts, not by their number: whoever changes a large one again and again fills nothing.
"""

from footfall.domain.strict_json import parse_json
from footfall.segments.definitions import Node
from footfall.segments.reading import read_definition

MAX_CHARACTERS = 8_000_000
"""As much as all definitions of one store can have; those of a usual store are a small part."""


class DefinitionCache:
    """Definitions by text; the one that was asked for longest ago is the first to be forgotten."""

    def __init__(self, room: int = MAX_CHARACTERS) -> None:
        self._room = room
        self._known: dict[str, Node] = {}

    def definition_of(self, text: str) -> Node:
        """Return the definition that is stored as this text."""
        known = self._known.pop(text, None)
        if known is None:
            known = read_definition(parse_json(text))
            self._room -= len(text)
        self._known[text] = known
        while self._room < 0:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._room += len(oldest)
        return known
