"""The Lambda entry point of backfill: one message is a walk that begins, or one shard of it.

Only two of them run at once, so that deciding events keeps its pace.
"""

from backfill.walking import begin_walk, walk_shard
from footfall.aws.backfill_queue import read_backfill
from footfall.aws.clients import dynamodb, sqs
from footfall.errors import PermanentError, TransientError
from footfall.invocations import BatchResponse, Context, QueueEvent, come_again
from footfall.observability import function_logger
from footfall.starting import finish_start

logger = function_logger("backfill")
finish_start(dynamodb, sqs)


def handler(event: QueueEvent, context: Context) -> BatchResponse:
    """Go on with the walk of each message."""
    return come_again(
        *(
            message["messageId"]
            for message in event["Records"]
            if not _go_on(message["body"], context)
        )
    )


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
