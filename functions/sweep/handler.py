"""The Lambda entry point of sweep, each minute: queues who falls due, and walks that stand still.

It reads a little further than to the next minute, and everything that is overdue: a tick may come
late, and what an earlier one has queued is not done yet when the queue is long. The queue's reader
finds nothing to do about who has been decided.
"""

import random
from datetime import UTC, datetime, timedelta

from footfall.aws.backfill_queue import start_backfill
from footfall.aws.backfills import running_walks
from footfall.aws.clients import dynamodb
from footfall.aws.due_index import due_slices
from footfall.aws.due_queue import send_all_due
from footfall.aws.keys import due_shard_keys
from footfall.observability import count, function_logger
from footfall.starting import finish_start

AHEAD = timedelta(seconds=90)
STALLED = timedelta(minutes=3)
"""After which a walk that has not got on is begun again where it was."""

logger = function_logger("sweep")
finish_start(dynamodb)


def handler(_event: object, _context: object) -> None:
    """Queue what falls due.

    Raises:
        TransientError: when some of it is not queued; the next tick finds it.
    """
    now = datetime.now(UTC)
    for walk, moved_at in running_walks():
        if moved_at < now - STALLED:
            logger.warning("a walk over customers stands still", store_id=walk.store_id)
            start_backfill(walk)
    shard_keys = due_shard_keys()
    random.shuffle(shard_keys)  # whoever runs out of time leaves others behind each minute
    slices = (one for key in shard_keys for one in due_slices(key, now, now + AHEAD))
    count("sweep", {"CustomersDue": send_all_due(slices)})
