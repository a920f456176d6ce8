"""The AWS side of Footfall inside moto: every table, queue, bucket and bus; a look into them.

tests/infra/ shows that these tables have the keys of the deployed ones.
"""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from footfall.aws import clients
from footfall.aws.items import from_item
from footfall.aws.key_cache import forget_api_keys
from footfall.aws.segment_cache import forget_segments
from footfall.domain.values import JsonValue
from footfall.settings import Setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import CreateTableInputTypeDef, KeySchemaElementTypeDef

TABLES: Mapping[Setting, bool] = {
    Setting.KEYS_TABLE: False,
    Setting.IDENTITIES_TABLE: False,
    Setting.CUSTOMERS_TABLE: False,
    Setting.UNIQUE_IDS_TABLE: False,
    Setting.EVENTS_TABLE: True,
    Setting.EVENT_NAMES_TABLE: True,
    Setting.SEGMENTS_TABLE: True,
    Setting.SEGMENT_STATES_TABLE: False,
    Setting.MEMBERS_TABLE: True,
}
"""Each table, and whether it has a sort key."""

TABLE_NAMES: Mapping[Setting, str] = {
    Setting.KEYS_TABLE: "Keys",
    Setting.IDENTITIES_TABLE: "Identities",
    Setting.CUSTOMERS_TABLE: "Customers",
    Setting.UNIQUE_IDS_TABLE: "UniqueIds",
    Setting.EVENTS_TABLE: "Events",
    Setting.EVENT_NAMES_TABLE: "EventNames",
    Setting.SEGMENTS_TABLE: "Segments",
    Setting.SEGMENT_STATES_TABLE: "SegmentStates",
    Setting.MEMBERS_TABLE: "Members",
}
"""Each table, by the name that the stack and the documents give it."""

GLOBAL_INDEXES: Mapping[Setting, tuple[str, str, str]] = {
    Setting.KEYS_TABLE: ("by-store", "store_id", "created_at"),
    Setting.CUSTOMERS_TABLE: ("by-store-shard", "store_shard", "pk"),
    Setting.SEGMENTS_TABLE: ("building", "building", "pk"),
    Setting.SEGMENT_STATES_TABLE: ("due", "due_shard", "due_at"),
}
NUMBERS = frozenset({"due_at"})
"""The key attributes that are numbers; all others are text."""

QUEUES = (
    Setting.EVENTS_QUEUE_URL,
    Setting.DEAD_LETTER_QUEUE_URL,
    Setting.DUE_QUEUE_URL,
    Setting.BACKFILL_QUEUE_URL,
)
EVENT_BUS = "footfall"
ACCOUNT_ID = "123456789012"
"""Of whoever uses moto."""

MAX_RECEIVES = 5


@contextmanager
def moto_cloud() -> Iterator[None]:
    """Run the block with an empty Footfall in moto, and the settings that name its parts."""
    with mock_aws(), pytest.MonkeyPatch.context() as environment:
        _forget_what_processes_keep()
        for table, has_sort_key in TABLES.items():
            _create_table(table, has_sort_key=has_sort_key)
            environment.setenv(table, table)
        for queue in QUEUES:
            url = clients.sqs().create_queue(QueueName=queue)["QueueUrl"]
            environment.setenv(queue, url)
        clients.events().create_event_bus(Name=EVENT_BUS)
        environment.setenv(Setting.EVENT_BUS_NAME, EVENT_BUS)
        clients.s3().create_bucket(Bucket="bodies")
        environment.setenv(Setting.BODIES_BUCKET, "bodies")
        environment.setenv(Setting.MAX_RECEIVES, str(MAX_RECEIVES))
        yield
        _forget_what_processes_keep()


def all_items(table: Setting) -> list[dict[str, JsonValue]]:
    """Return every item of a table, in the order of its keys."""
    items = [from_item(_readable({"M": item})["M"]) for item in stored_items(table)]
    return sorted(items, key=lambda item: (str(item["pk"]), str(item.get("sk", ""))))


def stored_items(table: Setting) -> list[dict[str, Any]]:
    """Return every item of a table as a client gets it, in the order of its keys.

    They are taken from moto's own table: its API takes many times as long, and tests look often.
    """
    return [
        _as_a_client_gets_it(item.to_json())["Attributes"] for item in moto_table(table).all_items()
    ]


def moto_table(table: Setting) -> Table:
    """Return the table as moto keeps it."""
    return dynamodb_backends[ACCOUNT_ID]["us-east-1"].get_table(table)


def _as_a_client_gets_it(value: Any) -> Any:  # noqa: ANN401  # DynamoDB's own form
    match value:
        case {"B": str(content)}:
            return {"B": base64.b64decode(content)}
        case dict():
            return {name: _as_a_client_gets_it(one) for name, one in value.items()}
        case list():
            return [_as_a_client_gets_it(one) for one in value]
        case _:
            return value


def _readable(attribute: Any) -> Any:  # noqa: ANN401  # DynamoDB's own form
    """Return the attribute with text in the place of bytes."""
    ((kind, content),) = attribute.items()
    match kind:
        case "B":
            return {"S": bytes(content).hex()}
        case "M":
            return {"M": {name: _readable(one) for name, one in content.items()}}
        case "L":
            return {"L": [_readable(one) for one in content]}
        case _:
            return attribute


def _create_table(table: Setting, *, has_sort_key: bool) -> None:
    attributes = ["pk", "sk"] if has_sort_key else ["pk"]
    index = GLOBAL_INDEXES.get(table)
    definition: CreateTableInputTypeDef = {
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "N" if name in NUMBERS else "S"}
            for name in sorted({*attributes, *(index[1:] if index else ())})
        ],
        "KeySchema": _key_schema(*attributes),
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
    if index:
        definition["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index[0],
                "KeySchema": _key_schema(*index[1:]),
                "Projection": {"ProjectionType": "ALL"},
            }
        ]
    clients.dynamodb().create_table(**definition)


def _key_schema(partition_key: str, *sort_key: str) -> "list[KeySchemaElementTypeDef]":
    schema: list[KeySchemaElementTypeDef] = [{"AttributeName": partition_key, "KeyType": "HASH"}]
    schema.extend([{"AttributeName": name, "KeyType": "RANGE"} for name in sort_key])
    return schema


def _forget_what_processes_keep() -> None:
    """Forget what was read from a cloud; the clients serve the next one, as making one is slow."""
    forget_segments()
    forget_api_keys()
