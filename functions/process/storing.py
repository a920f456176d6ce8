"""Stores the events of a batch: markers and identities first, then the events, then the profiles.

Each step can be repeated. Whatever step a crash interrupts, the redelivery walks the same way again
and finds what is done already: the marker names this very event, the identifiers are held by the
customer they were claimed for, the event is put onto itself, the profile has settled.

Before an event is written, nobody asks whether its customer still exists: most do, and a reading
would not hold until the write. The customer is read after the write, as its profile has to be. If
it was merged or deleted, the event is a stray: it is placed and written again, and leaves where it
stood. Whoever moves the timeline has read it after the redirect was written. So either they see the
event there, or the event's own worker sees the redirect.
"""

from collections.abc import Sequence

from footfall.aws.identities import Holders
from footfall.errors import PermanentError, TransientError
from process.arrivals import Arrival
from process.fates import Fates, Mishap
from process.placing import Placement, place
from process.settling import settle
from process.straying import find_homes, is_forgotten
from process.writing import write

_ROUNDS = 5


def store(arrivals: Sequence[Arrival]) -> Fates:
    """Store the events, each in turn as far as it goes, and return what became of them."""
    fates, holders = Fates(), Holders()
    strays = settle(write(_place_all(arrivals, holders, fates), fates), holders, fates)
    stored, duplicates = fates.stored + fates.forgotten, fates.duplicates
    for _ in range(_ROUNDS):
        if not strays:
            break
        strays = settle(write(find_homes(strays, holders, fates), fates), holders, fates)
    fates.postponed += [Mishap(one, "its customer is merged again and again") for one, _ in strays]
    fates.stored, fates.duplicates = stored - fates.forgotten, duplicates  # each is counted once
    return fates


def _place_all(
    arrivals: Sequence[Arrival], holders: Holders, fates: Fates
) -> list[tuple[Arrival, Placement]]:
    try:
        # A moment late is no later than a worker who has read, and pauses: each write names what
        # was read, or is looked at after it.
        holders.load(
            (
                (arrival.event.store_id, identifier)
                for arrival in arrivals
                for identifier in arrival.event.identifiers
            ),
            consistently=False,
        )
    except TransientError as error:
        fates.postponed.extend(Mishap(arrival, str(error)) for arrival in arrivals)
        return []
    placements: list[tuple[Arrival, Placement]] = []
    for arrival in arrivals:
        try:
            if is_forgotten(arrival, holders):
                fates.forgotten += 1
                continue
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
