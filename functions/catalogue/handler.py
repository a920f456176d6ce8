"""The Lambda entry point of catalogue: counts each batch of newly stored events, by store and name.

A batch that comes again is counted once: what was counted of it before a failure is left alone. So
a transient error hands back the whole batch, from its first record on. In a stage that has it so,
the event bus is told of every event, at least once.
"""

from collections.abc import Mapping, Sequence

from catalogue.records import Image, read_batch
from catalogue.telling import stored_event
from footfall.aws.clients import dynamodb
from footfall.aws.event_bus import BusEntry, put_entries
from footfall.aws.event_names import record_sightings
from footfall.aws.items import from_item
from footfall.domain.catalogue import Sighting
from footfall.errors import PermanentError, TransientError
from footfall.invocations import BatchResponse, StreamEvent, come_again
from footfall.observability import count, function_logger
from footfall.settings import Setting, is_set
from footfall.starting import finish_start

logger = function_logger("catalogue")
finish_start(dynamodb)


def handler(event: StreamEvent, _context: object) -> BatchResponse:
    """Count a batch."""
    first_record = event["Records"][0]["dynamodb"]["SequenceNumber"]
    batch = read_batch(event["Records"])
    _skip(batch.unreadable)
    try:
        for (store_id, name), sightings in batch.sightings.items():
            _count(store_id, name, int(first_record), sightings)
        if is_set(Setting.EVENT_BUS_NAME):
            _tell(batch.images)
    except TransientError as error:
        logger.warning("the batch is to come again", reason=str(error))
        return come_again(first_record)
    return come_again()


def _count(store_id: str, name: str, first_record: int, sightings: Sequence[Sighting]) -> None:
    try:
        record_sightings(store_id, name, first_record, sightings)
    except PermanentError:
        _skip([str(sighting.sequence_number) for sighting in sightings])


def _tell(images: Mapping[str, Image]) -> None:
    """Put the stored events onto the bus.

    Raises:
        TransientError: when some are not there.
    """
    entries: list[tuple[str, BusEntry]] = []
    refused: dict[str, str] = {}
    for sequence_number, image in images.items():
        try:
            entries.append((sequence_number, stored_event(from_item(image))))
        except (KeyError, TypeError, ValueError, PermanentError) as error:
            refused[sequence_number] = type(error).__name__
    outcome = put_entries([entry for _, entry in entries])
    refused |= {entries[place][0]: reason for place, reason in outcome.refused.items()}
    for sequence_number, reason in refused.items():
        logger.error("the bus refused an entry", sequence_number=sequence_number, reason=reason)
    count("catalogue", {"BusEntriesRefused": len(refused)})
    if outcome.stopped_by is not None:
        raise outcome.stopped_by


def _skip(sequence_numbers: Sequence[str]) -> None:
    for sequence_number in sequence_numbers:
        logger.error("a stream record is left out", sequence_number=sequence_number)
    count("catalogue", {"StreamRecordsLeftOut": len(sequence_numbers)})
