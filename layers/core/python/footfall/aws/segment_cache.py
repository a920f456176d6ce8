"""The segments of each store as this process knows them, a few seconds old at most."""

import time
from dataclasses import dataclass

from footfall.aws.segments import read_generation, read_segments
from footfall.segments.store_segments import StoreSegments

_SECONDS_TO_TRUST = 2.0
_MAX_STORES = 100


@dataclass(frozen=True, slots=True)
class _Known:
    segments: StoreSegments
    until: float


_known: dict[str, _Known] = {}


def segments_of(store_id: str) -> StoreSegments:
    """Return the segments of the store.

    Only their generation is read again, as long as nobody changes them.

    Raises:
        ConflictError: when they changed again and again while they were read.
    """
    known = _known.get(store_id)
    if known is not None and time.monotonic() < known.until:
        return known.segments
    return present_segments_of(store_id)


def present_segments_of(store_id: str) -> StoreSegments:
    """Return the segments of the store as of now: for whoever leaves out what none asks about."""
    known = _known.get(store_id)
    if known is not None and known.segments.generation == read_generation(store_id):
        return _remember(store_id, known.segments)
    return refreshed_segments_of(store_id)


def refreshed_segments_of(store_id: str) -> StoreSegments:
    """Return the segments of the store as they are now."""
    generation, segments = read_segments(store_id)
    return _remember(store_id, StoreSegments(generation, segments))


def forget_segments() -> None:
    """Forget what is known of every store."""
    _known.clear()


def _remember(store_id: str, segments: StoreSegments) -> StoreSegments:
    _known.pop(store_id, None)
    if len(_known) >= _MAX_STORES:
        del _known[next(iter(_known))]
    _known[store_id] = _Known(segments, time.monotonic() + _SECONDS_TO_TRUST)
    return segments
