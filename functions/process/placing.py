"""Finds an event's place: whether it is the first of its unique id, and which customer it is of.

The marker is put before any identifier is claimed, so that a duplicate leaves no trace, and names
the customer expected by then. In the rare case that another worker creates the same customer in
between, the marker is put again with the customer that won.

Where each customer has unique ids of its own, the marker is put for the customer that won and for
no other: one that a crash left in the scope of another customer would refuse that one's event. So
that a duplicate leaves no trace either, it is looked for before identifiers are claimed.

Where the last event of a unique id counts, none is refused here: `replacing` has that rule.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from footfall.aws.identities import Holders
from footfall.aws.timeline import PlacedEvent
from footfall.aws.unique_ids import claim_unique_id, unique_id_is_taken
from footfall.domain.customers import owned_fields
from footfall.domain.events import Event, UniqueRule
from footfall.domain.identifiers import Identifier, customer_id_for
from footfall.domain.identity import Decision


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an event goes.

    Attributes:
        held_by_others: how many of its identifiers another customer holds.
        merging: the customers whose histories are to become its customer's.
        copies: where it was written before its customer turned out to be merged or deleted.
    """

    placed: PlacedEvent
    is_new_customer: bool
    held_by_others: int
    merging: Sequence[str] = ()
    copies: Sequence[PlacedEvent] = ()


def place(event: Event, holders: Holders) -> Placement | None:
    """Return the event's place, or None when it is a duplicate.

    Raises:
        PermanentError: the event can never be stored.
        TransientError: its place cannot be told now.
    """
    new_customer_id = customer_id_for(event.store_id, event.event_id)
    expected = holders.decide(event.store_id, event.identifiers, new_customer_id)
    if _is_duplicate(event, expected):
        return None
    resolution = holders.resolve(event.store_id, event.identifiers, new_customer_id)
    if _is_duplicate_of_customer(event, expected.customer_id, resolution.customer_id):
        return None
    return Placement(
        PlacedEvent(_without_fields_of_others(event, resolution.owned), resolution.customer_id),
        resolution.created,
        len(event.identifiers) - len(resolution.owned),
        resolution.merging,
    )


def _without_fields_of_others(event: Event, owned: Collection[Identifier]) -> Event:
    """Return the event without what it says of its customer that is true of another one."""
    profile = owned_fields(event.profile, owned)
    return event if len(profile) == len(event.profile) else replace(event, profile=profile)


def _is_duplicate(event: Event, expected: Decision) -> bool:
    """Tell whether the event is known to be a duplicate before anything of it is claimed."""
    if not event.unique_id:
        return False
    match event.unique_rule:
        case UniqueRule.FIRST:
            return not claim_unique_id(event, event.unique_id, expected.customer_id)
        case UniqueRule.FIRST_OF_CUSTOMER if expected.claims or expected.joins:
            is_known = not expected.is_new
            return is_known and unique_id_is_taken(event, event.unique_id, expected.customer_id)
        case _:
            return False


def _is_duplicate_of_customer(event: Event, expected_id: str, customer_id: str) -> bool:
    """Tell whether the event is a duplicate now that its customer is certain."""
    if not event.unique_id:
        return False
    match event.unique_rule:
        case UniqueRule.FIRST if customer_id != expected_id:
            claim_unique_id(event, event.unique_id, customer_id)
            return False
        case UniqueRule.FIRST_OF_CUSTOMER:
            return not claim_unique_id(event, event.unique_id, customer_id)
        case _:
            return False
