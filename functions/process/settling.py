"""Settles what written events say about their customers, and finds those whose customer is gone."""

from collections import defaultdict
from collections.abc import Sequence

from footfall.aws.customers import CustomerGoneError, read_customers, settle_events
from footfall.aws.identities import Holders
from footfall.aws.moving import delete_copies
from footfall.domain.customers import statement_of
from footfall.errors import PermanentError, TransientError
from process.arrivals import Arrival
from process.fates import Fates, Mishap
from process.joining import join, union_by
from process.placing import Placement


def settle(
    written: Sequence[tuple[Arrival, Placement]], holders: Holders, fates: Fates
) -> list[tuple[Arrival, Placement]]:
    """Settle the profiles; return the events whose customer was merged or deleted."""
    events_of: dict[tuple[str, str], list[tuple[Arrival, Placement]]] = defaultdict(list)
    for arrival, placement in written:
        events_of[arrival.event.store_id, placement.placed.customer_id].append((arrival, placement))
    strays: list[tuple[Arrival, Placement]] = []
    settled: list[tuple[Arrival, Placement]] = []
    try:
        customers = read_customers(events_of)
    except TransientError as error:
        fates.postponed.extend(_behind(written, error))
        return strays
    for key, theirs in events_of.items():
        statements = [statement_of(placement.placed.event) for _, placement in theirs]
        customer = customers.get(key)
        try:
            if customer is not None and customer.is_gone:
                raise CustomerGoneError(customer)  # noqa: TRY301  # as if found while settling
            settle_events(*key, statements, customer)
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
