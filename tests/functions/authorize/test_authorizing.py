"""Who may call what: a key opens its own store, every other token is told 401."""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase

import pytest

from authorize.handler import handler
from authorize.policy import Policy
from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key, revoke_api_key
from footfall.domain.stores import PUBLIC_SCOPES, Scope, key_hash, usage_key
from footfall.http.route import Credential, Route
from footfall.http.routes import ROUTES
from tests.aws_calls import recorded_calls
from tests.moto_cloud import moto_cloud

API = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5"
KEY = "footfall_" + "k" * 43
PUBLIC_KEY = "footfall_public_" + "p" * 43
SECRET_SCOPES = frozenset({Scope.CUSTOMERS_READ, Scope.CUSTOMER_EVENTS_WRITE})


@pytest.fixture(autouse=True, scope="module")
def cloud() -> Iterator[None]:
    with moto_cloud():
        add_key(KEY)
        add_key(PUBLIC_KEY, PUBLIC_SCOPES, is_public=True)
        yield


def add_key(key: str, scopes: frozenset[Scope] = SECRET_SCOPES, *, is_public: bool = False) -> None:
    put_api_key(
        ApiKey(
            hash=key_hash(key),
            store_id="store-1",
            scopes=scopes,
            status=KeyStatus.ACTIVE,
            label="",
            created_at=datetime(2026, 4, 2, tzinfo=UTC),
            is_public=is_public,
        )
    )


def policy_of(token: str, method_arn: str = f"{API}/prod/POST/stores/store-1/events") -> Policy:
    return handler({"authorizationToken": token, "methodArn": method_arn}, None)


def policy_of_query(query: dict[str, str] | None) -> Policy:
    return handler(
        {"queryStringParameters": query, "methodArn": f"{API}/prod/POST/client/events"}, None
    )


def opens(policy: Policy, path: str) -> bool:
    (statement,) = policy["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    return any(fnmatchcase(f"{API}/{path}", resource) for resource in statement["Resource"])


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


@pytest.mark.parametrize(
    "token",
    [
        *(f"{scheme} {KEY}" for scheme in ("Bearer", "bearer", "BEARER")),
        f"Klaviyo-API-Key {KEY}",
        f"klaviyo-api-key  {KEY}",
        basic(f"site:{KEY}"),
        basic(f"a site, \u00e9:{KEY}"),
        basic(f"{KEY}:"),
        basic(KEY),
        KEY,
    ],
)
def test_a_key_is_found_where_each_family_puts_it(token: str) -> None:
    assert policy_of(token)["principalId"] == "store-1"


def test_a_key_opens_every_route_of_its_own_store() -> None:
    policy = policy_of(f"Bearer {KEY}")
    for path, is_allowed in {
        "prod/POST/stores/store-1/events": True,
        "prod/GET/stores/store-1/customers/c-1/events": True,
        "prod/PATCH/core/v3/stores/store-1/customers/events": True,
        "prod/GET/api/events": True,
        "prod/DELETE/api/v1/customers/u%201%2Fx": True,
        "prod/POST/v1/batch": True,
        "prod/POST/client/events": True,
        "prod/POST/stores/store-12/events": False,
        "prod/POST/stores/store-2/events": False,
        "prod/POST/core/v3/stores/store-2/customers/events": False,
        "prod/GET/stores/store-2/customers/api/events": False,
        "prod/GET/stores/store-2/customers/stores/store-1/x": False,
        "dev/POST/stores/store-1/events": False,
    }.items():
        assert opens(policy, path) is is_allowed, path


def test_a_key_opens_every_route_that_asks_for_one() -> None:
    policy = policy_of(f"Bearer {KEY}")
    for route in ROUTES:
        if route.credential is not Credential.BODY:
            assert opens(policy, f"prod/{place_of(route)}"), route


def test_a_public_key_opens_what_it_is_for_and_no_more() -> None:
    policy = policy_of(f"Bearer {PUBLIC_KEY}")
    assert policy["context"]["scopes"] == "customer_events_write"
    for route in ROUTES:
        if route.credential is not Credential.BODY:
            for slash in ("", "/"):
                is_for_it = route.scope is Scope.CUSTOMER_EVENTS_WRITE
                assert opens(policy, f"prod/{place_of(route)}{slash}") is is_for_it, route
    assert not opens(policy, "prod/POST/stores/store-2/events")


def place_of(route: Route) -> str:
    return f"{route.method}{route.path.replace('{storeId}', 'store-1')}"


def test_a_company_is_a_public_key() -> None:
    policy = policy_of_query({"company_id": PUBLIC_KEY, "x": "y"})
    assert policy == policy_of(f"Bearer {PUBLIC_KEY}")


@pytest.mark.parametrize(
    "query",
    [
        None,
        {},
        {"company_id": ""},
        {"company_id": "AbC123"},
        {"company_id": KEY},
        {"company_id": f"Bearer {PUBLIC_KEY}"},
        {"company_id": "footfall_public_" + "q" * 43},
        {"companyId": PUBLIC_KEY},
    ],
)
def test_no_other_company_gets_in_and_no_secret_in_a_url(query: dict[str, str] | None) -> None:
    with pytest.raises(Exception, match=r"\AUnauthorized\Z"):
        policy_of_query(query)


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
    "token",
    [
        *("", "Bearer", "Bearer ", "Bearer footfall_", f"Bearer {KEY}x", f"Token {KEY}"),
        *(f"Basic {KEY}", "Basic", "Basic %%%", basic(""), basic(":"), basic(f"{KEY}:wrong")),
        *(basic(f"site:{KEY}x"), f"Basic {b64encode(bytes([0xFF] * 60)).decode()}"),
        *(f"{KEY}x", "footfall_" + "n" * 43),
    ],
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


def test_what_does_not_look_like_a_key_costs_no_read() -> None:
    with recorded_calls() as calls, pytest.raises(Exception, match="Unauthorized"):
        policy_of_query({"company_id": "guess"})
    assert calls == []


def test_a_request_costs_one_read_by_hash() -> None:
    with recorded_calls() as calls:
        policy_of(f"Bearer {KEY}")
    assert [name for name, _ in calls] == ["GetItem"]
    assert KEY not in str(calls)
