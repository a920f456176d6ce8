"""The boto3 clients of a function, one of a kind, and what their errors mean.

This is the one place where botocore errors become Footfall's. Error codes decide, never messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from footfall.errors import ConflictError, MissingError, PermanentError, TransientError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

_CONFIG = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
"""All attempts end within 25 seconds, so that a function can still answer: the gateway waits 29."""

_PERMANENT_CODES = frozenset({"ValidationException", "InvalidMessageContents"})
_MISSING_CODES = frozenset({"NoSuchKey"})
_CONFLICT_CODES = frozenset(
    {
        "ConditionalCheckFailedException",
        "TransactionCanceledException",
        "TransactionConflictException",  # a single write met a transaction on the same item
    }
)


@cache
def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client of this process."""
    return boto3.client("dynamodb", config=_CONFIG)


@cache
def sqs() -> "SQSClient":
    """Return the SQS client of this process."""
    return boto3.client("sqs", config=_CONFIG)


@cache
def events() -> "EventBridgeClient":
    """Return the EventBridge client of this process."""
    return boto3.client("events", config=_CONFIG)


@cache
def s3() -> "S3Client":
    """Return the S3 client of this process."""
    return boto3.client("s3", config=_CONFIG)


@contextmanager
def translated_errors(operation: str) -> Iterator[None]:
    """Turn the botocore errors of the block into Footfall's.

    Whatever is not known to be permanent counts as transient: a retry costs little, a lost event
    cannot be bought back.

    Raises:
        ConflictError: a condition did not hold, or another writer is at the same item.
        MissingError: the object does not exist.
        PermanentError: the request itself can never succeed.
        TransientError: throttling, time-outs, missing permissions, faults of the service.
    """
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "Unknown")
        reason = f"{operation}: {code}"
        if code in _CONFLICT_CODES:
            raise ConflictError(reason) from error
        if code in _MISSING_CODES:
            raise MissingError(reason) from error
        if code in _PERMANENT_CODES:
            raise PermanentError(reason) from error
        raise TransientError(reason) from error
    except BotoCoreError as error:
        reason = f"{operation}: {type(error).__name__}"
        raise TransientError(reason) from error
