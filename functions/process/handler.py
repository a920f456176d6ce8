"""The entry point: a batch of the events queue in, the messages to deliver again out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict

from footfall.observability import function_logger, without_data
from process.arrivals import SqsRecord
from process.batch import process_batch

logger = function_logger("process")


class SqsEvent(TypedDict):
    """A batch of messages, as Lambda hands it over."""

    Records: list[SqsRecord]


class ItemFailure(TypedDict):
    """One message that Lambda is to leave in the queue."""

    itemIdentifier: str


class PartialFailure(TypedDict):
    """What Lambda reads to tell which messages are done: all but these."""

    batchItemFailures: list[ItemFailure]


def handler(event: SqsEvent, _context: object) -> PartialFailure:
    """Store every event of the batch; name the messages that have to come again."""
    again = _process(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in sorted(again)]}


def _process(records: Sequence[SqsRecord]) -> set[str]:
    """Process the batch; should it break, process its messages one by one: one may break alone."""
    try:
        return process_batch(records, datetime.now(UTC))
    except Exception as error:  # noqa: BLE001  # the entry point: a bug must not hold up neighbours
        logger.error("the batch broke", extra=without_data(error))  # noqa: TRY400  # no values
    if len(records) == 1:
        return {records[0]["messageId"]}
    return set().union(*(_process([record]) for record in records))
