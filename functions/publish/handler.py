"""The Lambda entry point of publish: tells of the transitions in each batch of segment states.

A batch is told in slices: first the Members table, where only the last transition of a customer and
a segment matters, then the bus, which hears of every one. Whatever a crash or a fault interrupts
comes again from the first record on that was not told whole. Being told again, a member changes
nothing, and the bus hears the same id twice.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from footfall.aws.clients import dynamodb, events
from footfall.aws.event_bus import put_entries
from footfall.aws.members import settle_members
from footfall.errors import PermanentError, TransientError
from footfall.invocations import BatchResponse, Context, StreamEvent, come_again
from footfall.observability import count, function_logger
from footfall.starting import finish_start
from publish.records import Record, read_batch

if TYPE_CHECKING:
    from datetime import datetime

SLICE_TRANSITIONS = 100
"""A slice ends with the record that brings it to so many: about fifteen calls of AWS."""

SLICE_MILLISECONDS = 15_000
"""A slice takes a second, and more when AWS is slow. No further one begins with less time left."""

logger = function_logger("publish")
finish_start(dynamodb, events)


def handler(event: StreamEvent, context: Context) -> BatchResponse:
    """Tell of a batch."""
    batch = read_batch(event["Records"])
    _leave_out(batch.unreadable)
    first_untold = _tell_all(batch.records, context)
    return come_again() if first_untold is None else come_again(first_untold)


def _tell_all(records: Sequence[Record], context: Context) -> str | None:
    """Return the sequence number of the first record that is still to be told, if there is one."""
    for place, piece in enumerate(_slices(records)):
        if place and context.get_remaining_time_in_millis() < SLICE_MILLISECONDS:
            logger.warning("the time is up; the rest of the batch is to come again")
            return piece[0].sequence_number
        first_untold = _tell(piece)
        if first_untold is not None:
            return first_untold
    return None


def _slices(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    piece: list[Record] = []
    transitions = 0
    for record in records:
        piece.append(record)
        transitions += len(record.notices)
        if transitions >= SLICE_TRANSITIONS:
            yield piece
            piece = []
            transitions = 0
    if piece:
        yield piece


def _tell(records: Sequence[Record]) -> str | None:
    try:
        _settle(records)
    except TransientError as error:
        return _come_again(records[0], error)
    except PermanentError:
        if len(records) == 1:
            _leave_out([records[0].sequence_number])
            return None
        one_by_one = (_tell([record]) for record in records)
        return next((untold for untold in one_by_one if untold is not None), None)
    return _put(records)


def _settle(records: Sequence[Record]) -> None:
    wanted: dict[str, dict[str, datetime | None]] = defaultdict(dict)
    for record in records:
        for notice in record.notices:
            wanted[notice.members_partition][notice.customer_id] = notice.since
    settle_members(wanted)


def _put(records: Sequence[Record]) -> str | None:
    entries = [(record, notice.entry) for record in records for notice in record.notices]
    outcome = put_entries([entry for _, entry in entries])
    for place, reason in outcome.refused.items():
        record, _ = entries[place]
        logger.error(
            "the bus refused an entry", sequence_number=record.sequence_number, reason=reason
        )
    count(
        "publish",
        {
            "Transitions": outcome.done - len(outcome.refused),
            "BusEntriesRefused": len(outcome.refused),
        },
    )
    if outcome.stopped_by is None:
        return None
    record, _ = entries[outcome.done]
    return _come_again(record, outcome.stopped_by)


def _come_again(record: Record, error: TransientError) -> str:
    logger.warning("the batch is to come again", reason=str(error))
    return record.sequence_number


def _leave_out(sequence_numbers: Sequence[str]) -> None:
    for sequence_number in sequence_numbers:
        logger.error("a stream record is left out", sequence_number=sequence_number)
    count("publish", {"StreamRecordsLeftOut": len(sequence_numbers)})
