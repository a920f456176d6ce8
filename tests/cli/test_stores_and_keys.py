"""`footfall stores` and `footfall keys`: what they leave in the usage plan and the Keys table."""

import re

import boto3
import pytest

from cli.cloud import open_cloud
from cli.stores import Store, StoreTakenError, create_store, list_stores
from footfall.aws.api_keys import KeyStatus, find_api_key, list_api_keys
from footfall.domain.stores import Scope, is_public_key, key_hash, usage_key
from tests.cli.conftest import Footfall
from tests.moto_cloud import moto_cloud

_KEY = re.compile(r"footfall_(?:public_)?[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


@pytest.fixture
def store(stack: str) -> str:
    return create_store(open_cloud(stack), "Shop", "shop").store_id


def _key(output: str) -> str:
    (api_key,) = _KEY.findall(output)
    return str(api_key)


def test_a_store_gets_a_random_id_and_the_usage_key_of_that_id(
    footfall: Footfall, stack: str
) -> None:
    result = footfall("stores", "create", "My shop")
    assert result.exit_code == 0, result.output
    (store,) = list_stores(open_cloud(stack))
    assert re.fullmatch(r"[0-9a-f]{24}", store.store_id)
    assert store.name == "My shop"
    assert store.store_id in result.output
    (key,) = boto3.client("apigateway").get_api_keys(includeValues=True)["items"]
    assert key["value"] == usage_key(store.store_id)
    assert key["name"] == f"{stack}-{store.store_id}"


def test_creating_a_store_again_changes_nothing(footfall: Footfall, stack: str) -> None:
    for _ in range(2):
        assert footfall("stores", "create", "Shop", "--id", "shop").exit_code == 0
    assert list(list_stores(open_cloud(stack))) == [Store("shop", "Shop")]


def test_a_store_that_was_left_half_made_is_repaired(footfall: Footfall, stack: str) -> None:
    cloud = open_cloud(stack)
    boto3.client("apigateway").create_api_key(
        name=f"{stack}-shop", description="Shop", value=usage_key("shop"), enabled=True
    )
    assert list(list_stores(cloud)) == []
    assert footfall("stores", "create", "Shop", "--id", "shop").exit_code == 0
    assert list(list_stores(cloud)) == [Store("shop", "Shop")]


def test_the_store_of_another_stack_is_left_alone(stack: str) -> None:
    boto3.client("apigateway").create_api_key(
        name="other-stack-shop", value=usage_key("shop"), enabled=True
    )
    with pytest.raises(StoreTakenError):
        create_store(open_cloud(stack), "Shop", "shop")


def test_stores_beyond_one_page_are_listed(footfall: Footfall, stack: str) -> None:
    cloud = open_cloud(stack)
    ids = {create_store(cloud, f"Shop {number}").store_id for number in range(30)}
    output = footfall("stores", "list").output
    assert all(store_id in output for store_id in ids)


@pytest.mark.parametrize("store_id", ["a b", "a/b", "a#b", "é", "x" * 65])
def test_an_id_that_cannot_be_a_path_is_refused(
    footfall: Footfall, stack: str, store_id: str
) -> None:
    result = footfall("stores", "create", "Shop", "--stack", stack, "--id", store_id)
    assert result.exit_code == 2
    assert "a store id is 1 to 64" in result.stderr


def test_a_key_is_shown_once_and_kept_as_its_hash(footfall: Footfall, store: str) -> None:
    output = footfall("keys", "create", "till", "--store", store).output
    kept = find_api_key(key_hash(_key(output)))
    assert kept is not None
    assert (kept.store_id, kept.label, kept.status) == (store, "till", KeyStatus.ACTIVE)
    assert kept.scopes == frozenset(Scope)
    listing = footfall("keys", "list", "--store", store).output
    assert kept.hash[:12] in listing
    assert _KEY.search(listing) is None
    table = boto3.client("dynamodb").scan(TableName="KEYS_TABLE")["Items"]
    assert _key(output) not in str(table)


def test_a_key_can_be_limited_to_scopes(footfall: Footfall, store: str) -> None:
    footfall("keys", "create", "reader", "--store", store, "--scope", "customers_read")
    (key,) = list_api_keys(store)
    assert key.scopes == {Scope.CUSTOMERS_READ}
    result = footfall("keys", "create", "x", "--store", store, "--scope", "everything")
    assert result.exit_code == 2
    assert "everything" in result.stderr


def test_a_public_key_can_only_send_events(footfall: Footfall, store: str) -> None:
    api_key = _key(footfall("keys", "create", "pages", "--store", store, "--public").output)
    assert re.fullmatch(r"footfall_public_[A-Za-z0-9_-]{43}", api_key)
    assert is_public_key(api_key)
    kept = find_api_key(key_hash(api_key))
    assert kept is not None
    assert kept.is_public
    assert kept.scopes == {Scope.CUSTOMER_EVENTS_WRITE}


def test_a_public_key_takes_no_scopes(footfall: Footfall, store: str) -> None:
    for scope in Scope:
        result = footfall("keys", "create", "x", "--store", store, "--public", "--scope", scope)
        assert result.exit_code == 2
        assert "leave --scope out" in result.stderr
    assert list_api_keys(store) == []


def test_a_public_key_is_replaced_by_a_public_one(footfall: Footfall, store: str) -> None:
    footfall("keys", "create", "pages", "--store", store, "--public")
    assert is_public_key(_key(footfall("keys", "rotate", "pages", "--store", store).output))
    assert [key.is_public for key in list_api_keys(store)] == [True, True]


def test_the_listing_tells_public_keys_from_secret_ones(footfall: Footfall, store: str) -> None:
    footfall("keys", "create", "pages", "--store", store, "--public")
    footfall("keys", "create", "till", "--store", store)
    listing = footfall("keys", "list", "--store", store).output.splitlines()
    for label, kind in (("pages", "public"), ("till", "secret")):
        (line,) = [line for line in listing if label in line]
        assert kind in line


def test_rotation_keeps_the_old_key_until_it_is_revoked(footfall: Footfall, store: str) -> None:
    old = _key(
        footfall("keys", "create", "till", "--store", store, "--scope", "customers_read").output
    )
    rotated = footfall("keys", "rotate", "till", "--store", store).output
    new = _key(rotated)
    assert {key.status for key in list_api_keys(store)} == {KeyStatus.ACTIVE}
    assert {key.scopes for key in list_api_keys(store)} == {frozenset({Scope.CUSTOMERS_READ})}

    third = footfall("keys", "rotate", "till", "--store", store)
    assert third.exit_code == 2
    assert "Two keys called 'till' are live already" in third.stderr

    command = rotated.partition("footfall keys ")[2].split()
    assert footfall("keys", *command).exit_code == 0
    statuses = {key.hash: key.status for key in list_api_keys(store)}
    assert statuses == {key_hash(old): KeyStatus.REVOKED, key_hash(new): KeyStatus.ACTIVE}


def test_a_name_that_two_live_keys_share_does_not_choose_one(
    footfall: Footfall, store: str
) -> None:
    footfall("keys", "create", "till", "--store", store)
    footfall("keys", "rotate", "till", "--store", store)
    result = footfall("keys", "revoke", "till", "--store", store)
    assert result.exit_code == 2
    assert "More than one live key answers to 'till'" in result.stderr
    assert {key.status for key in list_api_keys(store)} == {KeyStatus.ACTIVE}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create"], "has no store nowhere"),
        (["list"], "has no store nowhere"),
        (["rotate"], "has no store nowhere"),
        (["revoke", "x"], "has no store nowhere"),
    ],
)
def test_an_unknown_store_is_said_so(
    footfall: Footfall, stack: str, arguments: list[str], sentence: str
) -> None:
    result = footfall("keys", *arguments, "--store", "nowhere", "--stack", stack)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_an_unknown_stack_is_said_so(footfall: Footfall) -> None:
    with moto_cloud():
        result = footfall("stores", "list", "--stack", "nowhere")
    assert result.exit_code == 2
    assert "There is no stack nowhere in this account and region." in result.stderr


def test_missing_credentials_are_said_so(
    footfall: Footfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    result = footfall("stores", "list", "--stack", "any")
    assert result.exit_code == 2
    assert "No AWS credentials were found" in result.stderr
