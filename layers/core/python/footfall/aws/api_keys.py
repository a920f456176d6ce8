"""The Keys table: the API keys of the stores, each known by its hash only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from footfall.aws.clients import dynamodb, translated_errors
from footfall.domain.stores import Scope
from footfall.domain.timestamps import format_timestamp, parse_timestamp
from footfall.errors import PermanentError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

BY_STORE_INDEX = "by-store"


class KeyStatus(StrEnum):
    """Whether a key still opens anything."""

    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of an API key; the key itself is shown once and kept nowhere.

    Attributes:
        hash: the SHA-256 of the key.
        label: what its owner calls it.
        is_public: it may stand in pages and URLs; a key that replaces it may, too.
    """

    hash: str
    store_id: str
    scopes: frozenset[Scope]
    status: KeyStatus
    label: str
    created_at: datetime
    is_public: bool = False


def find_api_key(key_hash: str) -> ApiKey | None:
    """Return the key with this hash, or None; a key is found from the moment it was stored."""
    with translated_errors("dynamodb.GetItem"):
        response = dynamodb().get_item(
            TableName=read_setting(Setting.KEYS_TABLE),
            Key={"pk": {"S": key_hash}},
            ConsistentRead=True,
        )
    return _from_item(response["Item"]) if "Item" in response else None


def put_api_key(key: ApiKey) -> None:
    """Store a new key.

    Raises:
        ConflictError: when there is a key with this hash.
    """
    with translated_errors("dynamodb.PutItem"):
        dynamodb().put_item(
            TableName=read_setting(Setting.KEYS_TABLE),
            Item={
                "pk": {"S": key.hash},
                "store_id": {"S": key.store_id},
                "scopes": {"L": [{"S": scope} for scope in sorted(key.scopes)]},
                "status": {"S": key.status},
                "label": {"S": key.label},
                "created_at": {"S": format_timestamp(key.created_at)},
                **({"public": {"BOOL": True}} if key.is_public else {}),
            },
            ConditionExpression="attribute_not_exists(pk)",
        )


def list_api_keys(store_id: str) -> list[ApiKey]:
    """Return the keys of a store, oldest first, revoked ones included."""
    with translated_errors("dynamodb.Query"):
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=read_setting(Setting.KEYS_TABLE),
                IndexName=BY_STORE_INDEX,
                KeyConditionExpression="store_id = :store",
                ExpressionAttributeValues={":store": {"S": store_id}},
            )
        )
        return [_from_item(item) for page in pages for item in page["Items"]]


def revoke_api_key(key_hash: str) -> None:
    """Close a key; functions that have seen it may let it in until their memory of it fades.

    Raises:
        ConflictError: when there is no key with this hash.
    """
    with translated_errors("dynamodb.UpdateItem"):
        dynamodb().update_item(
            TableName=read_setting(Setting.KEYS_TABLE),
            Key={"pk": {"S": key_hash}},
            UpdateExpression="SET #status = :revoked",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":revoked": {"S": KeyStatus.REVOKED}},
        )


def _from_item(item: "dict[str, AttributeValueTypeDef]") -> ApiKey:
    created_at = parse_timestamp(item["created_at"]["S"])
    if created_at is None:
        raise PermanentError("the creation time of an API key cannot be read")
    return ApiKey(
        hash=item["pk"]["S"],
        store_id=item["store_id"]["S"],
        scopes=frozenset(Scope(scope["S"]) for scope in item["scopes"]["L"]),
        status=KeyStatus(item["status"]["S"]),
        label=item["label"]["S"],
        created_at=created_at,
        is_public="public" in item,
    )
