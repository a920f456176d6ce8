"""Finds another place for events that were written for a customer who is merged or deleted."""

from collections.abc import Sequence
from dataclasses import replace

from footfall.aws.identities import Holders
from footfall.aws.moving import delete_copies
from footfall.aws.roots import follow
from footfall.aws.timeline import PlacedEvent, delete_stray_body
from footfall.errors import PermanentError, TransientError
from process.arrivals import Arrival
from process.fates import Fates, Mishap
from process.joining import join, union_by
from process.placing import Placement, place


def is_forgotten(arrival: Arrival, holders: Holders) -> bool:
    """Tell whether the event was accepted before its customer was deleted, as far as is known.

    What the event had begun then is finished, should that not have happened yet.
    """
    event = arrival.event
    if not holders.is_forgotten(event.store_id, event.identifiers, event.received_at):
        return False
    for customer_id, others in holders.pending(event.store_id, event.identifiers).items():
        join(union_by(event, customer_id, others, arrival.envelope), holders)
    return True


def find_homes(
    strays: Sequence[tuple[Arrival, Placement]], holders: Holders, fates: Fates
) -> list[tuple[Arrival, Placement]]:
    """Return the new places of the events, of those that still have one."""
    homes: list[tuple[Arrival, Placement]] = []
    try:
        strays = _leave_the_deleted(strays, holders)
    except TransientError as error:
        fates.postponed += [Mishap(arrival, str(error)) for arrival, _ in strays]
        return homes
    for arrival, stray in strays:
        try:
            home = _find_home(arrival, stray, holders, fates)
        except PermanentError as error:
            fates.dead.append(Mishap(arrival, str(error)))
        except TransientError as error:
            fates.postponed.append(Mishap(arrival, str(error)))
        else:
            if home is not None:
                homes.append((arrival, home))
    return homes


def _leave_the_deleted(
    strays: Sequence[tuple[Arrival, Placement]], holders: Holders
) -> Sequence[tuple[Arrival, Placement]]:
    """Take events off the timelines of customers who are deleted, and their bodies with them.

    That comes first, as long as identifiers still lead there. The events are in their messages.
    """
    paths = {key: follow(*key) for key in {_key(stray) for _, stray in strays}}
    for path in paths.values():
        for known in [*path.aliases, path.root]:
            if known is not None:
                holders.note(known)
    remaining: list[tuple[Arrival, Placement]] = []
    copies: list[PlacedEvent] = []
    for arrival, stray in strays:
        stood = [*stray.copies, stray.placed]
        is_deleted = paths[_key(stray)].is_deleted
        copies += stood if is_deleted else []
        remaining.append((arrival, replace(stray, copies=[] if is_deleted else stood)))
    delete_copies(copies)
    for copy in copies:
        delete_stray_body(copy)
    return remaining


def _key(placement: Placement) -> tuple[str, str]:
    return placement.placed.event.store_id, placement.placed.customer_id


def _find_home(
    arrival: Arrival, stray: Placement, holders: Holders, fates: Fates
) -> Placement | None:
    if is_forgotten(arrival, holders):
        fates.forgotten += 1
        return None
    home = place(arrival.event, holders)
    if home is None:
        delete_copies(stray.copies)
        return None
    origin = stray.placed.moved_from or stray.placed.customer_id
    return replace(home, copies=stray.copies, placed=replace(home.placed, moved_from=origin))
