"""The Keys table: keys are found by hash, listed by store, and closed for good."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from footfall.aws.api_keys import (
    ApiKey,
    KeyStatus,
    find_api_key,
    list_api_keys,
    put_api_key,
    revoke_api_key,
)
from footfall.domain.stores import Scope, key_hash
from footfall.errors import ConflictError
from tests.moto_cloud import moto_cloud

KEY = ApiKey(
    hash=key_hash("footfall_one"),
    store_id="store-1",
    scopes=frozenset({Scope.CUSTOMERS_READ, Scope.CUSTOMER_EVENTS_WRITE}),
    status=KeyStatus.ACTIVE,
    label="the till",
    created_at=datetime(2026, 4, 2, 12, tzinfo=UTC),
)
NEWER = replace(KEY, hash=key_hash("two"), created_at=KEY.created_at + timedelta(days=1))
OTHER_STORE = replace(KEY, hash=key_hash("three"), store_id="store-2")


@pytest.fixture(autouse=True)
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def test_a_key_is_found_by_its_hash_as_it_was_put() -> None:
    put_api_key(KEY)
    assert find_api_key(KEY.hash) == KEY
    assert find_api_key(key_hash("another")) is None


def test_a_public_key_stays_public() -> None:
    put_api_key(replace(KEY, is_public=True))
    assert find_api_key(KEY.hash) == replace(KEY, is_public=True)
    assert list_api_keys(KEY.store_id) == [replace(KEY, is_public=True)]


def test_a_key_is_never_overwritten() -> None:
    put_api_key(KEY)
    with pytest.raises(ConflictError):
        put_api_key(replace(KEY, store_id="store-2"))
    assert find_api_key(KEY.hash) == KEY


def test_a_store_lists_its_own_keys_oldest_first() -> None:
    for key in (NEWER, OTHER_STORE, KEY):
        put_api_key(key)
    assert list_api_keys("store-1") == [KEY, NEWER]
    assert list_api_keys("store-3") == []


def test_a_revoked_key_stays_revoked_and_known() -> None:
    put_api_key(KEY)
    revoke_api_key(KEY.hash)
    assert find_api_key(KEY.hash) == replace(KEY, status=KeyStatus.REVOKED)


def test_an_unknown_key_cannot_be_revoked() -> None:
    with pytest.raises(ConflictError):
        revoke_api_key(KEY.hash)
    assert find_api_key(KEY.hash) is None
