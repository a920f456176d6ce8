"""News: what happened to a customer, as far as whoever decides has been told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from footfall.segments.happening import Happening
from footfall.segments.interests import Finding


@dataclass(slots=True)  # a frozen one, or a tuple, takes longer in the making
class Arrival:
    """A change of the timeline, as its stream tells it.

    Attributes:
        sequence: its place in the stream; of one event, later changes have greater ones.
        new: the event as it stands there now, or None when it was deleted.
        old: the event that stood in its place, or None.
        lost_name: the name of an event that changed but cannot be read any more, as it was deleted.
        finding: what was found about the new event when it was read.
    """

    sequence: int
    new: Happening | None
    old: Happening | None = None
    lost_name: str | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What is new about one customer.

    Attributes:
        fields: the paths of the profile that changed.
        is_creation: nothing is told but that the profile was written for the first time. Whoever
            has decided the customer since has read it.
    """

    arrivals: Sequence[Arrival] = ()
    fields: Collection[str] = ()
    is_creation: bool = False


NO_NEWS = News()
