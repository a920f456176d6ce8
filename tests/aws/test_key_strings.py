"""No value can escape its store: keys are injective, and refuse what would make them ambiguous."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.aws.keys import (
    body_object_key,
    customer_key,
    customer_scope,
    identity_key,
    split_customer_key,
    split_timeline_key,
    store_shard_key,
    timeline_bound,
    timeline_key,
    unique_id_key,
)
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.errors import PermanentError
from tests.builders import purchase

STORES = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
VALUES = st.text(alphabet="ab#/%:@é", min_size=1, max_size=6)
SCOPES = st.from_regex(r"[a-z+]{1,6}", fullmatch=True)
HASHES = st.from_regex(r"[0-9a-f]{24}", fullmatch=True)
KINDS = st.sampled_from(IdentifierKind)


@given(st.tuples(STORES, KINDS, VALUES), st.tuples(STORES, KINDS, VALUES))
def test_identity_keys_are_equal_only_for_equal_identifiers(
    one: tuple[str, IdentifierKind, str], other: tuple[str, IdentifierKind, str]
) -> None:
    keys = [identity_key(store, Identifier(kind, value)) for store, kind, value in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


@given(st.tuples(STORES, SCOPES, VALUES), st.tuples(STORES, SCOPES, VALUES))
def test_unique_id_keys_are_equal_only_for_equal_ids(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (unique_id_key(*one) == unique_id_key(*other)) == (one == other)


@given(st.tuples(SCOPES, HASHES, VALUES), st.tuples(SCOPES, HASHES, VALUES))
def test_every_customer_and_name_has_a_scope_of_its_own(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    scopes = [customer_scope(*parts) for parts in (one, other)]

    assert (scopes[0] == scopes[1]) == (one == other)
    assert unique_id_key("store", scopes[0], "o-1") == f"store#{scopes[0]}#o-1"


@pytest.mark.parametrize("store_id", ["", "a#b", "a/b"])
def test_a_store_id_with_a_separator_is_refused(store_id: str) -> None:
    with pytest.raises(PermanentError):
        customer_key(store_id, "c")
    with pytest.raises(PermanentError):
        unique_id_key(store_id, "store", "order-1")
    with pytest.raises(PermanentError):
        body_object_key(store_id, "e")


def test_an_empty_value_is_no_key() -> None:
    with pytest.raises(PermanentError):
        unique_id_key("store", "store", "")


def test_keys_come_apart_again() -> None:
    event = purchase(7)
    assert split_customer_key(customer_key("s", "c")) == ("s", "c")
    assert split_timeline_key(timeline_key(event)) == (
        "2026-04-02T12:07:00.000000Z",
        event.event_id,
    )


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=0, max_value=10_000))
def test_a_bound_parts_the_timeline_at_its_instant(minute: int, bound: int) -> None:
    event, instant = purchase(1, minute=minute), purchase(2, minute=bound).event_timestamp
    is_from_it_on = timeline_key(event) >= timeline_bound(instant)
    assert is_from_it_on == (event.event_timestamp >= instant)


def test_the_shards_of_a_store_are_16() -> None:
    shards = {store_shard_key("s", f"{digit:x}0") for digit in range(16)}
    assert len(shards) == 16
