"""The Lambda entry point of backfill: one message is a walk that begins, or one shard of it.

Only two of them run at once, so that deciding events keeps its pace.
"""

from collections.abc import Sequence
from typing import Protocol, TypedDict

from backfill.walking import begin_walk, walk_shard
from footfall.aws.backfill_queue import read_backfill
from footfall.errors import PermanentError, TransientError
from footfall.observability import function_logger

logger = function_logger("backfill")


class Context(Protocol):
    """What Lambda tells of the time that is left."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the function."""


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


def handler(event: SqsEvent, context: Context) -> SqsResponse:
    """Go on with the walk of each message."""
    failed = [
        record["messageId"] for record in event["Records"] if not _go_on(record["body"], context)
    ]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _go_on(body: str, context: Context) -> bool:
    try:
        walk, shard = read_backfill(body)
        if shard is None:
            begin_walk(walk)
        else:
            walk_shard(walk, shard, context.get_remaining_time_in_millis)
    except TransientError as error:
        logger.warning("the message is to come again", reason=str(error))
        return False
    except PermanentError as error:
        logger.error("a message is left out", reason=str(error))  # noqa: TRY400 - expected
    return True
