"""Walking over a store's customers, slice by slice, until every one of them is decided."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex

from footfall.aws.backfill_queue import continue_backfill
from footfall.aws.backfills import (
    BEGINNING,
    Place,
    Walk,
    begin,
    count_customers,
    customers_after,
    finish,
    move,
    read_progress,
)
from footfall.aws.deciding import catch_up
from footfall.aws.keys import STORE_SHARDS
from footfall.aws.segment_changes import remove_segment
from footfall.errors import ConflictError, TransientError
from footfall.observability import count, function_logger

SLICE_SIZE = 50
SLICE_MILLISECONDS = 15_000
"""No further slice begins with less time left."""

_WALKER_BYTES = 4

logger = function_logger("backfill")


def begin_walk(walk: Walk) -> None:
    """Count the customers, and let every shard that is not finished go on."""
    progress = read_progress(walk)
    if progress is None:
        return
    if progress.total is None:
        total = count_customers(walk.store_id)
        with suppress(ConflictError):  # it has begun: here, and unheard, or with somebody else
            begin(walk, total, datetime.now(UTC))
    for shard in range(STORE_SHARDS):
        if not progress.places.get(shard, BEGINNING).is_finished:
            continue_backfill(walk, shard)
    _end_if_done(walk)


def walk_shard(walk: Walk, shard: int, milliseconds_left: Callable[[], int]) -> None:
    """Catch up the customers of a shard, as many as there is time for.

    Raises:
        TransientError: when some of them could not be decided; the walk goes on before them.
    """
    progress = read_progress(walk)
    if progress is None or progress.total is None:
        return
    place = progress.places.get(shard, BEGINNING)
    walker = token_hex(_WALKER_BYTES)
    while not place.is_finished:
        if milliseconds_left() < SLICE_MILLISECONDS:
            continue_backfill(walk, shard)
            return
        following = replace(_after_slice(walk, shard, place), walker=walker)
        try:
            move(walk, shard, place, following, datetime.now(UTC))
        except ConflictError:
            if not _stands_at(walk, shard, following):
                return  # somebody else walks this shard, or the walk is over
        place = following
    _end_if_done(walk)


def _stands_at(walk: Walk, shard: int, place: Place) -> bool:
    """Tell whether this walker's step was done after all: then the answer to it was lost."""
    progress = read_progress(walk)
    return progress is not None and progress.places.get(shard) == place


def _after_slice(walk: Walk, shard: int, place: Place) -> Place:
    """Decide the next customers of a shard; return the place behind them."""
    customer_ids = customers_after(walk.store_id, shard, place.after, SLICE_SIZE)
    outcome = catch_up(walk.store_id, customer_ids, walk.generation)
    for error in outcome.undecided.values():
        raise TransientError(f"customers are not decided: {error}")
    for refused in outcome.refused.values():
        logger.error("a customer cannot be decided", reason=str(refused))
    count("backfill", {"StatesWritten": outcome.written})
    return Place(
        done=place.done + len(customer_ids),
        after=customer_ids[-1] if customer_ids else place.after,
        is_finished=len(customer_ids) < SLICE_SIZE,
    )


def _end_if_done(walk: Walk) -> None:
    progress = read_progress(walk)
    if progress is None or progress.total is None:
        return
    finished = [place for place in progress.places.values() if place.is_finished]
    if len(finished) < STORE_SHARDS:
        return
    try:
        if progress.is_deletion:
            remove_segment(walk.store_id, walk.segment_id, walk.generation)
        else:
            finish(walk)
    except ConflictError:
        if read_progress(walk) is not None:  # else somebody else has seen that it is over
            raise
