"""The state of a customer: everything that the engine keeps about one, in one item."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from footfall.segments.evidence import Evidence
from footfall.segments.readings import Reading
from footfall.segments.segment import Segment


@dataclass(frozen=True, slots=True)
class State:
    """What is known and decided about a customer.

    Attributes:
        version: the number of its writes; the condition of the next one.
        generation: of the store's segments that are decided.
        as_of: microseconds; the instant for which they are decided.
        evidence: by condition; conditions without evidence are left out.
        exceptions: the numbers of the segments about which the customer differs from the outset.
        dues: by segment number, the instant at which its answer changes by itself.
        position: the sequence number of the last change of the timeline that is in the evidence.
        armed: where the customer stands in the due index.
    """

    version: int
    generation: int
    as_of: int
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    exceptions: frozenset[int] = frozenset()
    dues: Mapping[int, int] = field(default_factory=dict)
    position: int | None = None
    reading: Reading | None = None
    armed: int | None = None

    def is_member(self, segment: Segment) -> bool:
        """Tell whether the customer was a member when the state was decided."""
        return self.generation >= segment.number and (
            segment.outset != (segment.number in self.exceptions)
        )


UNDECIDED = State(version=0, generation=0, as_of=0)
"""The state of a customer that has none."""
