"""Faults: what is wrong with a document that somebody sent, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from footfall.errors import PermanentError

MAX_LISTED_FAULTS = 1000
"""More than anybody reads, and few enough to fit an answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the sender has to change.

    Attributes:
        pointer: the place in the request body, as a JSON pointer (RFC 6901).
        detail: what is asked for there, in words; it never repeats the value.
    """

    pointer: str
    detail: str


class FaultyDocumentError(PermanentError):
    """A document is not what its contract asks for; every fault is listed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"the document has {len(faults)} faults")
        self.faults = tuple(faults)


def json_pointer(*steps: str | int) -> str:
    """Return the JSON pointer that leads through these keys and indexes."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
