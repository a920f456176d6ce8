"""The Lambda entry point of due: decides the customers that each message of the due queue names.

A message may come late, twice, or for nothing: who is due, the customer's state says.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict

from footfall.aws.deciding import decide_due
from footfall.aws.due_queue import read_due
from footfall.errors import PermanentError, TransientError
from footfall.observability import count, function_logger

logger = function_logger("due")


class SqsRecord(TypedDict):
    """The parts of a message that Footfall reads."""

    messageId: str
    body: str


class SqsEvent(TypedDict):
    """What Lambda hands over: one batch of messages."""

    Records: Sequence[SqsRecord]


class SqsResponse(TypedDict):
    """What Lambda takes back: the messages that are to come again."""

    batchItemFailures: Sequence[dict[str, str]]


def handler(event: SqsEvent, _context: object) -> SqsResponse:
    """Decide the customers of a batch of messages."""
    failed = [record["messageId"] for record in event["Records"] if not _decide(record["body"])]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


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
