"""What integrators tell Footfall: that something happened, that two are one, or to forget one."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier


@dataclass(frozen=True, slots=True)
class Merge:
    """Says that two identifiers name one person.

    Whoever holds them becomes one customer: the holder of `primary`, who takes over everything of
    the other. An identifier that nobody holds is claimed, so that a merge that comes before the
    first event of one of them ends the same.

    Attributes:
        merge_id: given at ingest; unique and time-ordered, like an event's.
    """

    merge_id: str
    store_id: str
    received_at: datetime
    source: str
    primary: Identifier
    secondary: Identifier


@dataclass(frozen=True, slots=True)
class Deletion:
    """Asks to forget a customer: profile, timeline and memberships. Its identifiers are free then.

    Attributes:
        deletion_id: given at ingest; unique and time-ordered, like an event's.
    """

    deletion_id: str
    store_id: str
    received_at: datetime
    source: str
    identifier: Identifier


Instruction: TypeAlias = Event | Merge | Deletion
