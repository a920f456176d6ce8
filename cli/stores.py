"""`footfall stores`: a store is an API Gateway key in the stack's usage plan, and nothing else."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import boto3
import typer
from botocore.exceptions import ClientError

from cli.cloud import Cloud, Output, open_cloud, read_local_file
from cli.options import StackOption
from cli.screen import console, print_hint, print_table
from footfall.domain.stores import check_store_id, usage_key
from footfall.errors import PermanentError

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_apigateway.type_defs import (
        ApiKeyResponseTypeDef,
        ApiKeyTypeDef,
        PaginatorConfigTypeDef,
    )

app = typer.Typer(no_args_is_help=True)

_STORE_ID_BYTES = 12
_PAGES: "PaginatorConfigTypeDef" = {"PageSize": 500}


class UnknownStoreError(PermanentError):
    """The stack's usage plan knows no such store."""


class StoreTakenError(PermanentError):
    """The id belongs to a store of another stack."""


@dataclass(frozen=True, slots=True)
class Store:
    """A tenant of the stack: its id in every path, and its name for people."""

    store_id: str
    name: str


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What people call the store.")],
    store_id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Its id.", show_default="24 random digits"),
    ] = None,
    stack: StackOption = None,
) -> None:
    """Create a store. Run again with the same --id, it repairs what was interrupted."""
    cloud = open_cloud(stack)
    store = create_store(cloud, name, store_id)
    console.print(f"Store [bold]{store.store_id}[/] is ready to receive events.")
    print_hint(f"Give it an API key: footfall keys create --store {store.store_id}{cloud.option}")


@app.command("list")
def show(stack: StackOption = None) -> None:
    """List the stores."""
    cloud = open_cloud(stack)
    stores = sorted(list_stores(cloud), key=lambda store: store.name.lower())
    if not stores:
        print_hint(f"No store yet: footfall stores create NAME{cloud.option}")
        return
    print_table(("Store", "Name"), [(store.store_id, store.name) for store in stores])


def create_store(cloud: Cloud, name: str, store_id: str | None = None) -> Store:
    """Create the store unless it is there already, and return it.

    Both steps look before they create, so that a second run finishes what the first left.

    Raises:
        StoreTakenError: when another stack of the account has a store of this id.
    """
    store_id = check_store_id(store_id or secrets.token_hex(_STORE_ID_BYTES))
    gateway = boto3.client("apigateway")
    key = _find_key(gateway, _key_name(cloud, store_id)) or _create_key(
        gateway, cloud, store_id, name
    )
    if key["id"] not in _keys_in_plan(gateway, cloud):
        gateway.create_usage_plan_key(
            usagePlanId=cloud.output(Output.USAGE_PLAN_ID), keyId=key["id"], keyType="API_KEY"
        )
    return Store(store_id, key.get("description", name))


def list_stores(cloud: Cloud) -> Iterator[Store]:
    """Yield every store of the stack."""
    gateway = boto3.client("apigateway")
    in_plan = _keys_in_plan(gateway, cloud)
    prefix = _key_name(cloud, "")
    for key in _keys_named(gateway, prefix):
        if key["id"] in in_plan:
            yield Store(key["name"].removeprefix(prefix), key.get("description", ""))


def choose_store(cloud: Cloud, store_id: str | None) -> str:
    """Return the store that is meant: the one named, or on this machine the demo store.

    Raises:
        UnknownStoreError: when none is named, or the stack has no such store.
    """
    if store_id is None:
        if not cloud.is_local:
            raise UnknownStoreError("Name the store with --store or FOOTFALL_STORE.")
        store_id = str(read_local_file("stack.json")["storeId"])
    return check_store(cloud, store_id)


def check_store(cloud: Cloud, store_id: str) -> str:
    """Return the id of a store that exists.

    Raises:
        UnknownStoreError: when it does not.
    """
    gateway = boto3.client("apigateway")
    key = _find_key(gateway, _key_name(cloud, store_id))
    if key is None or key["id"] not in _keys_in_plan(gateway, cloud):
        raise UnknownStoreError(f"The stack {cloud.stack_name} has no store {store_id}.")
    return store_id


def _create_key(
    gateway: "APIGatewayClient", cloud: Cloud, store_id: str, name: str
) -> "ApiKeyTypeDef | ApiKeyResponseTypeDef":
    try:
        return gateway.create_api_key(
            name=_key_name(cloud, store_id),
            description=name,
            value=usage_key(store_id),
            enabled=True,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConflictException":
            raise
        raise StoreTakenError(
            f"Another stack in this account and region has a store {store_id}: choose another id."
        ) from error


def _find_key(gateway: "APIGatewayClient", name: str) -> "ApiKeyTypeDef | None":
    return next((key for key in _keys_named(gateway, name) if key["name"] == name), None)


def _keys_named(gateway: "APIGatewayClient", prefix: str) -> "Iterator[ApiKeyTypeDef]":
    keys = gateway.get_paginator("get_api_keys")
    for page in keys.paginate(nameQuery=prefix, PaginationConfig=_PAGES):
        yield from page["items"]


def _keys_in_plan(gateway: "APIGatewayClient", cloud: Cloud) -> frozenset[str]:
    keys = gateway.get_paginator("get_usage_plan_keys")
    pages = keys.paginate(usagePlanId=cloud.output(Output.USAGE_PLAN_ID), PaginationConfig=_PAGES)
    return frozenset(key["id"] for page in pages for key in page["items"])


def _key_name(cloud: Cloud, store_id: str) -> str:
    return f"{cloud.stack_name}-{store_id}"
