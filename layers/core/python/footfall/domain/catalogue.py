"""The catalogue of event names: how a store's events are called, and what properties they carry.

An entry is a fold over the sightings of its name, and their order does not matter: counts add up,
instants narrow to the first and the last, types of a property gather in a set.

A stream hands the same batch over again after a failure, so an entry also remembers which of the
last batches it has counted, and up to which record. A batch is recognised by its first record, and
it stays the same batch when it comes again longer or shorter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from footfall.domain.properties import PropertyType

_Types = TypeVar("_Types")

REMEMBERED_BATCHES = 16
"""More than the shards that can hand over batches of one name between a failure and its retry."""

MAX_CATALOGUED_PROPERTIES = 1_000
MAX_CATALOGUED_BYTES = 64 * 1024
"""Bounds of the properties of one name, and of their names' sum: an item holds 400 KB at most."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A stored event, as the stream tells it, without what the catalogue does not keep.

    Attributes:
        sequence_number: its place in the stream; within a shard, later records have greater ones.
    """

    sequence_number: int
    event_timestamp: datetime
    properties: Mapping[str, PropertyType]


@dataclass(frozen=True, slots=True)
class CountedBatch:
    """A batch of the stream, by its first record, and the last of its sightings counted here."""

    first_record: int
    last_sighting: int


@dataclass(frozen=True, slots=True)
class EventName:
    """One entry of the catalogue.

    Attributes:
        properties: the types that each top-level property was seen with.
        counted: the batches counted last, oldest first.
    """

    name: str
    count: int
    first_seen: datetime
    last_seen: datetime
    properties: Mapping[str, frozenset[PropertyType]]
    counted: tuple[CountedBatch, ...]


def count_sightings(
    name: str, entry: EventName | None, first_record: int, sightings: Sequence[Sighting]
) -> EventName | None:
    """Return the entry after the sightings of one batch, each counted once.

    Args:
        entry: as it is known so far, or None for a new name.
        first_record: the sequence number of the batch's first record, of whatever name.
        sightings: the events of this name in the batch.
    """
    counted = entry.counted if entry else ()
    counted_before = next((one for one in counted if one.first_record == first_record), None)
    fresh = [
        sighting
        for sighting in sightings
        if counted_before is None or sighting.sequence_number > counted_before.last_sighting
    ]
    if not fresh:
        return entry
    batch = CountedBatch(first_record, max(sighting.sequence_number for sighting in fresh))
    others = [one for one in counted if one != counted_before]
    instants = [sighting.event_timestamp for sighting in fresh]
    if entry:
        instants += [entry.first_seen, entry.last_seen]
    return EventName(
        name=name,
        count=(entry.count if entry else 0) + len(fresh),
        first_seen=min(instants),
        last_seen=max(instants),
        properties=_gathered(entry.properties if entry else {}, fresh),
        counted=(*others, batch)[-REMEMBERED_BATCHES:],
    )


def catalogued(types: Mapping[str, _Types]) -> dict[str, _Types]:
    """Keep the alphabetically first properties that fit.

    Not the first that came: what is kept would then depend on the order of arrival. A property left
    out once has too many before it, and always will, so none comes back with half of its types.
    """
    kept: dict[str, _Types] = {}
    size = 0
    for name in sorted(types):
        size += len(name.encode())
        if len(kept) == MAX_CATALOGUED_PROPERTIES or size > MAX_CATALOGUED_BYTES:
            break
        kept[name] = types[name]
    return kept


def _gathered(
    known: Mapping[str, frozenset[PropertyType]], sightings: Sequence[Sighting]
) -> dict[str, frozenset[PropertyType]]:
    types = dict(known)
    for sighting in sightings:
        for name, seen in sighting.properties.items():
            before = types.get(name, frozenset())
            if seen not in before:
                types[name] = before | {seen}
    return catalogued(types)
