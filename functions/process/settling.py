"""Settles what written events say about their customers, and finds those whose customer is gone."""

from collections import defaultdict
from collections.abc import Sequence

from footfall.aws.customers import (
    CustomerGoneError,
    read_customers,
    settle_events,
    settle_first_events,
)
from footfall.aws.identities import Holders
from footfall.aws.moving import delete_copies
from footfall.domain.customers import statement_of
from footfall.errors import PermanentError, TransientError
from process.arrivals import Arrival
from process.fates import Fates, Mishap
from process.joining import join, union_by
from process.placing import Placement
from process.replacing import replaces_others


def settle(
    written: Sequence[tuple[Arrival, Placement]], holders: Holders, fates: Fates
) -> list[tuple[Arrival, Placement]]:
    """Settle the profiles; return the events whose customer was merged or deleted."""
    events_of: dict[tuple[str, str], list[tuple[Arrival, Placement]]] = defaultdict(list)
    for arrival, placement in written:
        events_of[arrival.event.store_id, placement.placed.customer_id].append((arrival, placement))
    strays: list[tuple[Arrival, Placement]] = []
    settled: list[tuple[Arrival, Placement]] = []
    made_here = {key for key, theirs in events_of.items() if _are_first(theirs)}
    try:
        customers = read_customers(events_of.keys() - made_here)
    except TransientError as error:
        fates.postponed.extend(_behind(written, error))
        return strays
    for key, theirs in events_of.items():
        statements = [statement_of(placement.placed.event) for _, placement in theirs]
        try:
            if key in made_here:
                settle_first_events(*key, statements)
            else:
                settle_events(*key, statements, customers.get(key))
        except CustomerGoneError as error:
            holders.note(error.customer)
            strays += theirs
            continue
        except PermanentError:
            fates.refused_profiles += len(theirs)
        except TransientError as error:
            fates.postponed.extend(_behind(theirs, error))
            continue
        settled += theirs
    _let_follow(_leave_copies(settled, fates), holders, fates)
    return strays


def _are_first(theirs: Sequence[tuple[Arrival, Placement]]) -> bool:
    """Tell whether the customer was made known by these, and none of them can be replaced."""
    is_new = any(placement.is_new_customer for _, placement in theirs)
    return is_new and not any(replaces_others(arrival.event) for arrival, _ in theirs)


def _leave_copies(
    settled: Sequence[tuple[Arrival, Placement]], fates: Fates
) -> list[tuple[Arrival, Placement]]:
    """Delete the events from where they stood before; return those of which none is left there."""
    clear: list[tuple[Arrival, Placement]] = []
    for arrival, placement in settled:
        try:
            if placement.copies:
                delete_copies(placement.copies)
        except TransientError as error:
            fates.postponed.append(Mishap(arrival, str(error), is_stored=True))
        else:
            clear.append((arrival, placement))
    return clear


def _let_follow(
    settled: Sequence[tuple[Arrival, Placement]], holders: Holders, fates: Fates
) -> None:
    """Bring customers what joins them, and let identifiers name who their customer has become."""
    for arrival, placement in settled:
        event = arrival.event
        try:
            holders.let_follow(event.store_id, event.identifiers)
            if placement.merging:
                fates.merged += 1
                customer_id = placement.placed.customer_id
                join(union_by(event, customer_id, placement.merging, arrival.envelope), holders)
        except TransientError as error:
            fates.postponed.append(Mishap(arrival, str(error), is_stored=True))


def _behind(written: Sequence[tuple[Arrival, Placement]], error: TransientError) -> list[Mishap]:
    return [Mishap(arrival, str(error), is_stored=True) for arrival, _ in written]
