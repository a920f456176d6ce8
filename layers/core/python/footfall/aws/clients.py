"""The AWS clients of a function, one of a kind, and what their errors mean.

They are boto3's, made by botocore, whose they are: boto3 adds nothing to them that is used here.
This is the one place where botocore errors become Footfall's. Error codes decide, never messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader
from botocore.session import Session, get_session

from footfall.errors import ConflictError, MissingError, PermanentError, TransientError

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

CONFIG = Config(
    # All attempts end within 25 seconds, so that a function can still answer: the gateway waits 29.
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    # Half of botocore's time went into these two: the types are checked before the function is
    # deployed, the values by the service; and a name of our own is not put together every time.
    parameter_validation=False,
    user_agent="footfall",
)

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
    return cast("DynamoDBClient", _client("dynamodb"))


@cache
def sqs() -> "SQSClient":
    """Return the SQS client of this process."""
    return cast("SQSClient", _client("sqs"))


@cache
def events() -> "EventBridgeClient":
    """Return the EventBridge client of this process."""
    return cast("EventBridgeClient", _client("events"))


@cache
def s3() -> "S3Client":
    """Return the S3 client of this process."""
    return cast("S3Client", _client("s3"))


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


class _NamedServices(Loader):
    """Knows the services of this module without looking for those of AWS, in 400 directories."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        """Return the services that clients are made for."""
        return ["dynamodb", "events", "s3", "sqs"]


def _client(service: str) -> "BaseClient":
    return _session().create_client(service, config=CONFIG)


@cache
def _session() -> Session:
    session = get_session()
    session.register_component("data_loader", _NamedServices())
    return session
