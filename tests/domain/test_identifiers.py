from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.domain.identifiers import (
    Identifier,
    IdentifierKind,
    customer_id_for,
    given_identifiers,
    new_event_id,
    normalise_email,
    normalise_phone,
)

NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)


def test_what_is_given_comes_in_its_order_and_once() -> None:
    kind = IdentifierKind
    pairs = [(kind.ID, "a"), (kind.ID, None), (kind.ID, "a"), (kind.PHONE, "b"), (kind.EMAIL, "a")]
    assert given_identifiers(pairs) == [
        Identifier(kind.ID, "a"),
        Identifier(kind.PHONE, "b"),
        Identifier(kind.EMAIL, "a"),
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jane@example.com", "jane@example.com"),
        ("  Jane.Doe+Tag@Example.COM ", "jane.doe+tag@example.com"),
        ("o'neil#1@sub.example.co.uk", "o'neil#1@sub.example.co.uk"),
        ("jane@localhost", "jane@localhost"),
        ("a" * 242 + "@example.com", "a" * 242 + "@example.com"),
    ],
)
def test_addresses_are_trimmed_and_lower_cased(text: str, address: str) -> None:
    assert normalise_email(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "jane", "@example.com", "jane@", "a b@example.com", "j@-a.com", "a@b@c", "j@é.fr"],
)
def test_what_is_no_address(text: str) -> None:
    assert normalise_email(text) is None


def test_an_address_has_at_most_254_characters() -> None:
    assert normalise_email("a" * 243 + "@example.com") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+11234567890", "+11234567890"),  # Redo's own example
        ("+1 (415) 555-0123", "+14155550123"),
        (" +44 20 7946 0958", "+442079460958"),
    ],
)
def test_phone_numbers_become_e164(text: str, number: str) -> None:
    assert normalise_phone(text) == number


@pytest.mark.parametrize("text", ["", "4155550123", "+", "+1415", "+999123456789", "call me"])
def test_what_is_no_phone_number(text: str) -> None:
    assert normalise_phone(text) is None


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_event_ids_sort_by_time(one: bytes, other: bytes) -> None:
    earlier = new_event_id(NOON, one)
    later = new_event_id(NOON + timedelta(milliseconds=1), other)
    assert earlier < later
    assert earlier[14] == later[14] == "7"
    assert earlier[19] in "89ab"


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_event_ids_keep_74_random_bits(one: bytes, other: bytes) -> None:
    kept = [int.from_bytes(value, "big") & ~((0xF << 76) | (0x3 << 62)) for value in (one, other)]
    same = new_event_id(NOON, one) == new_event_id(NOON, other)
    assert same == (kept[0] == kept[1])


def test_a_customer_id_follows_from_the_event_and_its_store() -> None:
    first = customer_id_for("store-1", "event-1")
    assert first == customer_id_for("store-1", "event-1")
    assert len({first, customer_id_for("store-2", "event-1"), customer_id_for("store-1", "e")}) == 3
    assert len(first) == 24
