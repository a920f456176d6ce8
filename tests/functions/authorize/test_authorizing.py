"""Who may call what: a key opens its own store, every other token is told 401."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase

import pytest

from authorize.handler import handler
from authorize.policy import Policy
from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key, revoke_api_key
from footfall.domain.stores import Scope, key_hash, usage_key
from tests.aws_calls import recorded_calls
from tests.moto_cloud import moto_cloud

API = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5"
KEY = "footfall_" + "k" * 43


@pytest.fixture(autouse=True, scope="module")
def cloud() -> Iterator[None]:
    with moto_cloud():
        add_key(KEY)
        yield


def add_key(key: str) -> None:
    put_api_key(
        ApiKey(
            hash=key_hash(key),
            store_id="store-1",
            scopes=frozenset({Scope.CUSTOMERS_READ, Scope.CUSTOMER_EVENTS_WRITE}),
            status=KeyStatus.ACTIVE,
            label="",
            created_at=datetime(2026, 4, 2, tzinfo=UTC),
        )
    )


def policy_of(token: str, method_arn: str = f"{API}/prod/POST/stores/store-1/events") -> Policy:
    return handler({"authorizationToken": token, "methodArn": method_arn}, None)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_key_opens_every_route_of_its_own_store(scheme: str) -> None:
    policy = policy_of(f"{scheme} {KEY}")
    (statement,) = policy["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    for path, is_allowed in {
        "prod/POST/stores/store-1/events": True,
        "prod/GET/stores/store-1/customers/c-1/events": True,
        "prod/POST/stores/store-12/events": False,
        "prod/POST/stores/store-2/events": False,
        "dev/POST/stores/store-1/events": False,
    }.items():
        assert fnmatchcase(f"{API}/{path}", statement["Resource"]) is is_allowed


def test_the_policy_does_not_depend_on_the_route_that_asked_first() -> None:
    assert policy_of(f"Bearer {KEY}") == policy_of(
        f"Bearer {KEY}", f"{API}/prod/GET/stores/store-2/customers"
    )


def test_the_functions_are_told_store_and_scopes_and_the_gateway_whose_share_it_is() -> None:
    policy = policy_of(f"Bearer {KEY}")
    assert policy["context"] == {
        "storeId": "store-1",
        "scopes": "customer_events_write customers_read",
    }
    assert policy["usageIdentifierKey"] == usage_key("store-1")
    assert re.fullmatch(r"[A-Za-z0-9]{20,128}", policy["usageIdentifierKey"])


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer ", KEY, f"Basic {KEY}", f"Bearer {KEY}x", "Bearer footfall_"]
)
def test_every_other_token_is_unauthorized(token: str) -> None:
    with pytest.raises(Exception, match=r"\AUnauthorized\Z"):
        policy_of(token)


def test_a_revoked_key_is_unauthorized() -> None:
    lost = "footfall_" + "l" * 43
    add_key(lost)
    assert policy_of(f"Bearer {lost}")
    revoke_api_key(key_hash(lost))
    with pytest.raises(Exception, match=r"\AUnauthorized\Z"):
        policy_of(f"Bearer {lost}")


def test_a_request_costs_one_read_by_hash() -> None:
    with recorded_calls() as calls:
        policy_of(f"Bearer {KEY}")
    assert [name for name, _ in calls] == ["GetItem"]
    assert KEY not in str(calls)
