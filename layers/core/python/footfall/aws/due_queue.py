"""The due queue: customers whose segments change by themselves, each at its very second.

    {"storeId": ..., "customerIds": [...]}

A message is a hint: whoever receives it decides by the state, and may find nothing to do.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from footfall.aws.batches import runs
from footfall.aws.clients import sqs, translated_errors
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.timestamps import to_microseconds
from footfall.errors import PermanentError, TransientError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MAX_CUSTOMERS = 100
_BATCH_SIZE = 10
_CLOCK_MARGIN = 100_000


def seconds_until(due: int, now: datetime) -> int:
    """Return the delay, in whole seconds, after which an instant in microseconds has surely come.

    Clocks of two workers differ by some milliseconds.
    """
    return max(0, math.ceil((due + _CLOCK_MARGIN - to_microseconds(now)) / 1_000_000))


def send_due(store_id: str, customer_ids: Sequence[str], delay_seconds: int) -> None:
    """Ask for these customers to be decided in so many seconds.

    Raises:
        TransientError: when SQS has not confirmed the message; it may be there all the same.
    """
    with translated_errors("sqs.SendMessage"):
        sqs().send_message(
            QueueUrl=read_setting(Setting.DUE_QUEUE_URL),
            MessageBody=_body(store_id, customer_ids),
            MessageGroupId=store_id,
            DelaySeconds=delay_seconds,
        )


@dataclass(frozen=True, slots=True)
class DueSlice:
    """Customers of one store who fall due in the same second."""

    store_id: str
    customer_ids: Sequence[str]
    delay_seconds: int


def send_all_due(slices: Iterable[DueSlice]) -> int:
    """Ask for all of them, ten messages a call; return how many customers they are.

    Raises:
        TransientError: when SQS has not confirmed all messages; some may be there.
    """
    sent = 0
    for run in runs(slices, _BATCH_SIZE):
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {
                "Id": str(place),
                "MessageBody": _body(one.store_id, one.customer_ids),
                "MessageGroupId": one.store_id,
                "DelaySeconds": one.delay_seconds,
            }
            for place, one in enumerate(run)
        ]
        with translated_errors("sqs.SendMessageBatch"):
            response = sqs().send_message_batch(
                QueueUrl=read_setting(Setting.DUE_QUEUE_URL), Entries=entries
            )
        if response.get("Failed"):
            raise TransientError("sqs.SendMessageBatch: messages were refused")
        sent += sum(len(one.customer_ids) for one in run)
    return sent


def read_due(body: str) -> tuple[str, Sequence[str]]:
    """Return the store and the customers of a message.

    Raises:
        PermanentError: when it is none.
    """
    document = parse_json(body)
    match document:
        case {"storeId": str(store_id), "customerIds": [*customer_ids]}:
            return store_id, [str(customer_id) for customer_id in customer_ids]
        case _:
            raise PermanentError("the message names no customers")


def _body(store_id: str, customer_ids: Sequence[str]) -> str:
    return dump_json({"storeId": store_id, "customerIds": list(customer_ids)})
