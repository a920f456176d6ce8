"""What became of the events, merges and deletions of a batch."""

from dataclasses import dataclass, field, fields

from process.arrivals import Arrival, Errand


@dataclass(frozen=True, slots=True)
class Mishap:
    """An event, a merge or a deletion that did not get through, and why.

    Attributes:
        is_stored: the event itself stands on its timeline; only the profile is behind.
        customer_id: whose it is, or None when that was not told.
    """

    arrival: Arrival | Errand
    reason: str
    is_stored: bool = False
    customer_id: str | None = None


@dataclass(slots=True)
class Fates:
    """What became of the events of a batch.

    Attributes:
        dead: they can never be stored.
        postponed: they may be stored by a later delivery.
        refused_profiles: stored events whose customer's profile has no room for more.
        forgotten: they were accepted before their customer was deleted.
        merged: how often customers were made one.
        deleted: how many deletions were carried out.
    """

    stored: int = 0
    duplicates: int = 0
    new_customers: int = 0
    identifiers_held_by_others: int = 0
    refused_profiles: int = 0
    forgotten: int = 0
    merged: int = 0
    deleted: int = 0
    dead: list[Mishap] = field(default_factory=list)
    postponed: list[Mishap] = field(default_factory=list)

    def add(self, others: "Fates") -> None:
        """Add what became of others."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(others, one.name))
