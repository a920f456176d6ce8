"""The AWS side of Footfall inside moto: every table, queue, bucket and bus; a look into them.

tests/infra/ shows that these tables have the keys of the deployed ones.
"""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlparse

import pytest
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.events.models import events_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from footfall.aws.items import from_item
from footfall.aws.key_cache import forget_api_keys
from footfall.aws.segment_cache import forget_segments
from footfall.domain.values import JsonValue
from footfall.settings import Setting

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
BUCKET = "bodies"
_REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
"""Of whoever uses moto."""

MAX_RECEIVES = 5


@contextmanager
def moto_cloud() -> Iterator[None]:
    """Run the block with an empty Footfall in moto, and the settings that name its parts.

    Its parts are made by moto's models: its API takes many times as long, and tests run often.
    """
    with mock_aws(), pytest.MonkeyPatch.context() as environment:
        _forget_what_processes_keep()
        for part in (_tables, _queues, _bus_and_bucket):
            for setting, value in part():
                environment.setenv(setting, value)
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
    return dynamodb_backends[ACCOUNT_ID][_REGION].get_table(table)


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


def _tables() -> Iterator[tuple[Setting, str]]:
    backend = dynamodb_backends[ACCOUNT_ID][_REGION]
    for table, has_sort_key in TABLES.items():
        attributes = ["pk", "sk"] if has_sort_key else ["pk"]
        index = GLOBAL_INDEXES.get(table)
        backend.create_table(
            table,
            schema=_key_schema(*attributes),
            attr=[
                {"AttributeName": name, "AttributeType": "N" if name in NUMBERS else "S"}
                for name in sorted({*attributes, *(index[1:] if index else ())})
            ],
            global_indexes=[_global_index(*index)] if index else [],
            indexes=[],
            streams={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            billing_mode="PAY_PER_REQUEST",
            throughput=None,
            warm_throughput=None,
            sse_specification=None,
            deletion_protection_enabled=False,
            tags=[],
        )
        yield table, table


def _global_index(name: str, *keys: str) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": _key_schema(*keys),
        "Projection": {"ProjectionType": "ALL"},
    }


def _key_schema(partition_key: str, *sort_key: str) -> list[dict[str, str]]:
    schema = [{"AttributeName": partition_key, "KeyType": "HASH"}]
    schema.extend([{"AttributeName": name, "KeyType": "RANGE"} for name in sort_key])
    return schema


def _queues() -> Iterator[tuple[Setting, str]]:
    endpoint = urlparse(f"https://sqs.{_REGION}.amazonaws.com")
    for queue in QUEUES:
        yield queue, sqs_backends[ACCOUNT_ID][_REGION].create_queue(queue).url(endpoint)


def _bus_and_bucket() -> Iterator[tuple[Setting, str]]:
    events_backends[ACCOUNT_ID][_REGION].create_event_bus(EVENT_BUS)
    yield Setting.EVENT_BUS_NAME, EVENT_BUS
    s3_backends[ACCOUNT_ID]["aws"].create_bucket(BUCKET, _REGION)
    yield Setting.BODIES_BUCKET, BUCKET


def _forget_what_processes_keep() -> None:
    """Forget what was read from a cloud; the clients serve the next one, as making one is slow."""
    forget_segments()
    forget_api_keys()
