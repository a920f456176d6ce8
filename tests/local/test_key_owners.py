"""Whose key it is, as the front knows it: like the authorizer, and for as long."""

from datetime import UTC, datetime

import pytest

from footfall.aws.api_keys import ApiKey, KeyStatus
from footfall.domain.stores import Scope, key_hash
from local.key_owners import KeyOwners

KEY = "footfall_" + "k" * 43
SECONDS = 2


class Keys:
    """The Keys table, counting the look-ups, and a clock that stands still."""

    def __init__(self) -> None:
        self.status: KeyStatus | None = KeyStatus.ACTIVE
        self.looks = 0
        self.now = 0.0

    def find(self, hashed: str) -> ApiKey | None:
        self.looks += 1
        if self.status is None or hashed != key_hash(KEY):
            return None
        return ApiKey(
            hashed, "shop", frozenset(Scope), self.status, "", datetime(2026, 4, 2, tzinfo=UTC)
        )

    def clock(self) -> float:
        return self.now


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def owners(keys: Keys) -> KeyOwners:
    return KeyOwners(keys.find, keys.clock)


def test_a_key_is_looked_up_once_in_a_while(owners: KeyOwners, keys: Keys) -> None:
    assert [owners.store_of(KEY) for _ in range(10)] == ["shop"] * 10
    assert keys.looks == 1
    keys.now += SECONDS
    assert owners.store_of(KEY) == "shop"
    assert keys.looks == 2


def test_a_revoked_key_is_soon_forgotten(owners: KeyOwners, keys: Keys) -> None:
    assert owners.store_of(KEY) == "shop"
    keys.status = KeyStatus.REVOKED
    keys.now += SECONDS
    assert owners.store_of(KEY) is None


def test_a_key_is_known_from_the_moment_it_was_stored(owners: KeyOwners, keys: Keys) -> None:
    keys.status = None
    assert owners.store_of(KEY) is None
    keys.status = KeyStatus.ACTIVE
    assert owners.store_of(KEY) == "shop"


def test_another_key_opens_nothing(owners: KeyOwners) -> None:
    assert owners.store_of(KEY) == "shop"
    assert owners.store_of("footfall_" + "x" * 43) is None
