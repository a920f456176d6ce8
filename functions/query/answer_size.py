"""How much an answer can hold."""

from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject

MAX_ANSWER_BYTES = 5_900_000
"""Lambda answers with 6 MB at most, in which the body is a JSON string, its quotes escaped."""


def answer_size(document: JsonObject) -> int:
    """Return how many bytes of an answer the document takes."""
    text = dump_json(document)
    return len(text.encode()) + text.count('"') + text.count("\\")
