"""The entry point: a batch of the events queue in, the messages to deliver again out."""

from collections.abc import Sequence
from datetime import UTC, datetime

from footfall.aws.clients import dynamodb
from footfall.invocations import BatchResponse, QueueEvent, QueueMessage, come_again
from footfall.observability import function_logger, without_data
from footfall.starting import finish_start
from process.batch import process_batch

logger = function_logger("process")
finish_start(dynamodb)


def handler(event: QueueEvent, _context: object) -> BatchResponse:
    """Store every event of the batch; name the messages that have to come again."""
    again = _process(event["Records"])
    return come_again(*sorted(again))


def _process(records: Sequence[QueueMessage]) -> set[str]:
    """Process the batch; should it break, process its messages one by one: one may break alone."""
    try:
        return process_batch(records, datetime.now(UTC))
    except Exception as error:  # noqa: BLE001  # the entry point: a bug must not hold up neighbours
        logger.error("the batch broke", extra=without_data(error))  # noqa: TRY400  # no values
    if len(records) == 1:
        return {records[0]["messageId"]}
    return set().union(*(_process([record]) for record in records))
