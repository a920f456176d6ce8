"""Stores the events of a batch: markers and identities first, then the events, then the profiles.

Each step can be repeated. Whatever step a crash interrupts, the redelivery walks the same way again
and finds what is done already: the marker names this very event, the identifiers are held by the
customer they were claimed for, the event is put onto itself, the profile has settled.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from footfall.aws.customers import read_customers, settle_events
from footfall.aws.identities import Holders
from footfall.aws.timeline import write_events
from footfall.domain.customers import statement_of
from footfall.errors import PermanentError, TransientError
from process.arrivals import Arrival
from process.placing import Placement, place


@dataclass(frozen=True, slots=True)
class Mishap:
    """An event that did not get through, and why.

    Attributes:
        is_stored: the event itself stands on its timeline; only the profile is behind.
    """

    arrival: Arrival
    reason: str
    is_stored: bool = False


@dataclass(slots=True)
class Fates:
    """What became of the events of a batch.

    Attributes:
        dead: they can never be stored.
        postponed: they may be stored by a later delivery.
        refused_profiles: stored events whose customer's profile has no room for more.
    """

    stored: int = 0
    duplicates: int = 0
    new_customers: int = 0
    identifiers_held_by_others: int = 0
    refused_profiles: int = 0
    dead: list[Mishap] = field(default_factory=list)
    postponed: list[Mishap] = field(default_factory=list)


def store(arrivals: Sequence[Arrival]) -> Fates:
    """Store the events, each in turn as far as it goes, and return what became of them."""
    fates = Fates()
    placed = _place_all(arrivals, fates)
    _settle_profiles(_write_all(placed, fates), fates)
    return fates


def _place_all(arrivals: Sequence[Arrival], fates: Fates) -> list[tuple[Arrival, Placement]]:
    holders = Holders()
    try:
        holders.load(
            (arrival.event.store_id, identifier)
            for arrival in arrivals
            for identifier in arrival.event.identifiers
        )
    except TransientError as error:
        fates.postponed.extend(Mishap(arrival, str(error)) for arrival in arrivals)
        return []
    placements: list[tuple[Arrival, Placement]] = []
    for arrival in arrivals:
        try:
            placement = place(arrival.event, holders)
        except PermanentError as error:
            fates.dead.append(Mishap(arrival, str(error)))
        except TransientError as error:
            fates.postponed.append(Mishap(arrival, str(error)))
        else:
            if placement is None:
                fates.duplicates += 1
            else:
                placements.append((arrival, placement))
                fates.new_customers += placement.is_new_customer
                fates.identifiers_held_by_others += placement.held_by_others
    return placements


def _write_all(
    placements: Sequence[tuple[Arrival, Placement]], fates: Fates
) -> list[tuple[Arrival, Placement]]:
    try:
        refused = write_events([placement.placed for _, placement in placements])
    except TransientError as error:
        fates.postponed.extend(Mishap(arrival, str(error)) for arrival, _ in placements)
        return []
    written: list[tuple[Arrival, Placement]] = []
    for arrival, placement in placements:
        reason = refused.get(arrival.event.event_id)
        if reason is None:
            written.append((arrival, placement))
        else:
            fates.dead.append(Mishap(arrival, str(reason)))
    fates.stored = len(written)
    return written


def _settle_profiles(written: Sequence[tuple[Arrival, Placement]], fates: Fates) -> None:
    events_of: dict[tuple[str, str], list[tuple[Arrival, Placement]]] = defaultdict(list)
    for arrival, placement in written:
        events_of[arrival.event.store_id, placement.placed.customer_id].append((arrival, placement))
    try:
        customers = read_customers(events_of)
    except TransientError as error:
        fates.postponed.extend(_behind(written, error))
        return
    for key, theirs in events_of.items():
        statements = [statement_of(placement.placed.event) for _, placement in theirs]
        try:
            settle_events(*key, statements, customers.get(key))
        except PermanentError:
            fates.refused_profiles += len(theirs)
        except TransientError as error:
            fates.postponed.extend(_behind(theirs, error))


def _behind(written: Sequence[tuple[Arrival, Placement]], error: TransientError) -> list[Mishap]:
    return [Mishap(arrival, str(error), is_stored=True) for arrival, _ in written]
