"""The back-fill queue: the walks over stores' customers, one message a shard and a while.

    {"storeId": ..., "segmentId": ..., "number": 3, "generation": 7, "shard": 0}

Without a shard it asks for the walk to begin. A message is a hint: how far a walk is, its segment
says, so that a second message does no harm, and a lost one is sent again by the sweep.
"""

from footfall.aws.backfills import Walk
from footfall.aws.clients import sqs, translated_errors
from footfall.domain.strict_json import dump_json, parse_json
from footfall.errors import PermanentError
from footfall.settings import Setting, read_setting

DELAY_SECONDS = 5
"""Longer than definitions are cached: when the walk begins, every worker knows the change."""


def start_backfill(walk: Walk) -> None:
    """Ask for the walk that catches every customer of the store up; asking again does no harm.

    Raises:
        TransientError: when SQS has not confirmed the message; it may be there all the same.
    """
    _send(walk, None, DELAY_SECONDS)


def continue_backfill(walk: Walk, shard: int) -> None:
    """Ask for the walk to go on in a shard.

    Raises:
        TransientError: as `start_backfill`.
    """
    _send(walk, shard, 0)


def read_backfill(body: str) -> tuple[Walk, int | None]:
    """Return the walk and the shard of a message; no shard for a walk that shall begin.

    Raises:
        PermanentError: when it is no such message.
    """
    match parse_json(body):
        case {
            "storeId": str(store_id),
            "segmentId": str(segment_id),
            "number": int(number),
            "generation": int(generation),
            "shard": int() | None as shard,
        }:
            return Walk(store_id, segment_id, number, generation), shard
        case _:
            raise PermanentError("the message names no walk")


def _send(walk: Walk, shard: int | None, delay_seconds: int) -> None:
    with translated_errors("sqs.SendMessage"):
        sqs().send_message(
            QueueUrl=read_setting(Setting.BACKFILL_QUEUE_URL),
            MessageBody=dump_json(
                {
                    "storeId": walk.store_id,
                    "segmentId": walk.segment_id,
                    "number": walk.number,
                    "generation": walk.generation,
                    "shard": shard,
                }
            ),
            MessageGroupId=walk.store_id,
            DelaySeconds=delay_seconds,
        )
