"""Finds an event's place: whether it is the first of its unique id, and which customer it is of.

The marker is put before any identifier is claimed, so that a duplicate leaves no trace, and names
the customer expected by then. In the rare case that another worker creates the same customer in
between, the marker is put again with the customer that won.
"""

from dataclasses import dataclass, replace

from footfall.aws.identities import Holders
from footfall.aws.timeline import PlacedEvent
from footfall.aws.unique_ids import claim_unique_id
from footfall.domain.customers import owned_fields
from footfall.domain.events import Event
from footfall.domain.identifiers import customer_id_for


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an event goes.

    Attributes:
        held_by_others: how many of its identifiers another customer holds.
    """

    placed: PlacedEvent
    is_new_customer: bool
    held_by_others: int


def place(event: Event, holders: Holders) -> Placement | None:
    """Return the event's place, or None when it is a duplicate.

    Raises:
        PermanentError: the event can never be stored.
        TransientError: its place cannot be told now.
    """
    new_customer_id = customer_id_for(event.store_id, event.event_id)
    expected = holders.decide(event.store_id, event.identifiers, new_customer_id).customer_id
    if event.unique_id and not claim_unique_id(event, event.unique_id, expected):
        return None
    resolution = holders.resolve(event.store_id, event.identifiers, new_customer_id)
    if event.unique_id and resolution.customer_id != expected:
        claim_unique_id(event, event.unique_id, resolution.customer_id)
    known = replace(event, profile=owned_fields(event.profile, resolution.owned))
    return Placement(
        PlacedEvent(known, resolution.customer_id),
        resolution.created,
        len(event.identifiers) - len(resolution.owned),
    )
