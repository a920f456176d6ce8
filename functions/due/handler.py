"""The Lambda entry point of due: decides the customers that each message of the due queue names.

A message may come late, twice, or for nothing: who is due, the customer's state says.
"""

from datetime import UTC, datetime

from footfall.aws.clients import dynamodb
from footfall.aws.deciding import decide_due
from footfall.aws.due_queue import read_due
from footfall.errors import PermanentError, TransientError
from footfall.invocations import BatchResponse, QueueEvent, come_again
from footfall.observability import count, function_logger
from footfall.starting import finish_start

logger = function_logger("due")
finish_start(dynamodb)


def handler(event: QueueEvent, _context: object) -> BatchResponse:
    """Decide the customers of a batch of messages."""
    return come_again(
        *(message["messageId"] for message in event["Records"] if not _decide(message["body"]))
    )


def _decide(body: str) -> bool:
    """Tell whether all customers of the message are decided."""
    try:
        store_id, customer_ids = read_due(body)
        outcome = decide_due(store_id, customer_ids, datetime.now(UTC))
    except TransientError as error:
        logger.warning("the message is to come again", reason=str(error))
        return False
    except PermanentError as error:
        logger.error("a message is left out", reason=str(error))  # noqa: TRY400 - expected
        return True
    for refused in outcome.refused.values():
        logger.error("a customer cannot be decided", reason=str(refused))
    for reason in set(map(str, outcome.undecided.values())):
        logger.warning("customers are to be decided again", reason=reason)
    count("due", {"StatesWritten": outcome.written})
    return not outcome.undecided
