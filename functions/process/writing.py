"""Writes placed events onto their timelines."""

from collections.abc import Sequence
from dataclasses import replace

from footfall.aws.timeline import write_events
from footfall.errors import PermanentError, TransientError
from process.arrivals import Arrival
from process.fates import Fates, Mishap
from process.placing import Placement
from process.replacing import heard_only, remove_replaced, replaces_others, write_if_last


def write(
    placements: Sequence[tuple[Arrival, Placement]], fates: Fates
) -> list[tuple[Arrival, Placement]]:
    """Write the events; return those that their customers are to hear of."""
    last = [one for one in placements if replaces_others(one[0].event)]
    others = [one for one in placements if not replaces_others(one[0].event)]
    return [*_put_all(others, fates), *_replace_all(last, fates)]


def _put_all(
    placements: Sequence[tuple[Arrival, Placement]], fates: Fates
) -> list[tuple[Arrival, Placement]]:
    try:
        refused = write_events([placement.placed for _, placement in placements])
    except TransientError as error:
        fates.postponed.extend(_unwritten(*one, error) for one in placements)
        return []
    written: list[tuple[Arrival, Placement]] = []
    for arrival, placement in placements:
        reason = refused.get(arrival.event.event_id)
        if reason is None:
            written.append((arrival, placement))
        else:
            fates.dead.append(_unwritten(arrival, placement, reason))
    fates.stored += len(written)
    return written


def _replace_all(
    placements: Sequence[tuple[Arrival, Placement]], fates: Fates
) -> list[tuple[Arrival, Placement]]:
    """Write the events of which the last one counts; return all whose customers heard of them."""
    heard: list[tuple[Arrival, Placement]] = []
    for arrival, placement in placements:
        try:
            replaced = write_if_last(placement.placed)
        except PermanentError as error:
            fates.dead.append(_unwritten(arrival, placement, error))
            continue
        except TransientError as error:
            fates.postponed.append(_unwritten(arrival, placement, error))
            continue
        if replaced is None:
            fates.duplicates += 1
            heard.append((arrival, replace(placement, placed=heard_only(placement.placed))))
            continue
        try:
            remove_replaced(arrival.event, replaced)
        except TransientError as error:
            fates.postponed.append(Mishap(arrival, str(error), is_stored=True))
        else:
            fates.stored += 1
            heard.append((arrival, placement))
    return heard


def _unwritten(arrival: Arrival, placement: Placement, error: Exception) -> Mishap:
    return Mishap(arrival, str(error), customer_id=placement.placed.customer_id)
