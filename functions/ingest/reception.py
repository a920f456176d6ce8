"""Reception: the circumstances under which a request came in."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from footfall.domain.identifiers import RANDOM_BYTES_OF_ID, new_event_ids


@dataclass(frozen=True, slots=True)
class Reception:
    """Who sent a request, and when it came.

    Attributes:
        store_id: the store of the caller's key.
        now: when.
        scopes: what the key may do.
    """

    store_id: str
    now: datetime
    scopes: Collection[str]

    def new_ids(self, count: int) -> list[str]:
        """Return ids for that many events; ascending, so that a timeline keeps their order."""
        return new_event_ids(self.now, os.urandom(count * RANDOM_BYTES_OF_ID))
