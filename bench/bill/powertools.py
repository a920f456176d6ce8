"""What Powertools' idempotency writes for each event, counted from its real calls."""

from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import boto3
import pytest
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from moto import mock_aws

from bench.pipeline.recording import recorded_calls
from bench.results import Results

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_TABLE = "Idempotency"
_CONTEXT = cast("LambdaContext", SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000))


def idempotency() -> Results:
    """Return the calls that stand around the storing of one event, by their operations.

    Each writes one unit, as what it writes is below 1 KB. The write of the event comes on top.
    """
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.delenv("POWERTOOLS_IDEMPOTENCY_DISABLED", raising=False)
        boto3.client("dynamodb").create_table(
            TableName=_TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        config = IdempotencyConfig(event_key_jmespath="uniqueId", lambda_context=_CONTEXT)

        @idempotent_function(  # type: ignore[untyped-decorator]
            data_keyword_argument="event",
            persistence_store=DynamoDBPersistenceLayer(table_name=_TABLE),
            config=config,
        )
        def store(*, event: Mapping[str, str]) -> None:
            """Store nothing: only what stands around it is counted."""

        with recorded_calls() as calls:
            store(event={"uniqueId": "order-1", "eventName": "purchase_completed"})
    return {"calls": dict(Counter(call.operation for call in calls))}
