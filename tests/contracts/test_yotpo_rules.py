"""Which custom events are taken, and what is wrong with the others, and where."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.yotpo import read_custom_event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.timestamps import format_timestamp
from tests.contracts.redo_documents import OMIT
from tests.contracts.yotpo_documents import NOW, document, event_of, faults_of

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

GOOD: list[tuple[str, object]] = [
    ("source", OMIT),
    ("source", None),
    ("source", "s" * 255),
    ("type", "order_shipped"),
    ("type", "t" * 255),
    ("type", "Order_2"),
    ("id", "i" * 255),
    ("id", " # / "),
    ("occurred_at", OMIT),
    ("occurred_at", None),
    ("occurred_at", "2026-04-02"),
    ("occurred_at", "2026-04-02T12:00:00"),
    ("occurred_at", "2026-04-02T14:00:00.5+0200"),
    ("occurred_at", format_timestamp(NOW + timedelta(days=365))),
    ("customer", {"email": "Jane@Example.com"}),
    ("customer", {"email": "jane@example.com", "phone_number": None, "phone": None}),
    ("customer", {"phone_number": "+1 (415) 555-0123"}),
    ("customer", {"external_id": "1", "email": "j@example.com", "phone": "+14155550123"}),
    ("customer", {"external_id": "1", "first_name": 5}),
    ("customer.custom_properties", OMIT),
    ("customer.custom_properties", {}),
    ("customer.custom_properties", {"a_b": "x", "n": Decimal("0.5"), "no": False, "birth": "2000"}),
    ("properties", OMIT),
    ("properties", None),
    ("properties", {f"p{number}": number for number in range(400)}),
    ("properties", {"größe": "x" * 102_400, "b-2": int("9" * 38), "no": False}),
    ("nobody knows this", {"deep": []}),
]

BAD: list[tuple[str, object, str]] = [
    ("source", "", "/source"),
    ("source", "s" * 256, "/source"),
    ("source", "quiz app", "/source"),
    ("source", 5, "/source"),
    ("type", OMIT, "/type"),
    ("type", None, "/type"),
    ("type", "", "/type"),
    ("type", "t" * 256, "/type"),
    ("type", "order shipped", "/type"),
    ("type", "order-shipped", "/type"),
    ("type", "bestellt_für", "/type"),
    ("type", "order_shipped\n", "/type"),
    ("id", OMIT, "/id"),
    ("id", None, "/id"),
    ("id", "", "/id"),
    ("id", "i" * 256, "/id"),
    ("id", 7, "/id"),
    ("occurred_at", "", "/occurred_at"),
    ("occurred_at", "yesterday", "/occurred_at"),
    ("occurred_at", 1775131200, "/occurred_at"),
    ("occurred_at", "2026-02-30T12:00:00Z", "/occurred_at"),
    ("occurred_at", "1989-12-31T23:59:59Z", "/occurred_at"),
    ("occurred_at", format_timestamp(NOW + timedelta(days=366)), "/occurred_at"),
    ("customer", OMIT, "/customer"),
    ("customer", None, "/customer"),
    ("customer", "jane@example.com", "/customer"),
    ("customer", {}, "/customer"),
    ("customer", {"external_id": None}, "/customer"),
    ("customer", {"email": "j@example.com", "phone_number": "+14155550123"}, "/customer"),
    ("customer", {"email": "j@example.com", "phone": "+14155550123"}, "/customer"),
    ("customer", {"external_id": ""}, "/customer/external_id"),
    ("customer", {"external_id": 5}, "/customer/external_id"),
    ("customer", {"email": "jane"}, "/customer/email"),
    ("customer", {"phone": "415 555 0123"}, "/customer/phone"),
    ("customer.custom_properties", [], "/customer/custom_properties"),
    ("customer.custom_properties", {"a b": 1}, "/customer/custom_properties/a b"),
    ("customer.custom_properties", {"a": None}, "/customer/custom_properties/a"),
    ("customer.custom_properties", {"a": [1]}, "/customer/custom_properties/a"),
    ("customer.custom_properties", {"a": "x" * 65_536}, "/customer"),
    ("properties", "x", "/properties"),
    ("properties", {"a\tb": 1}, "/properties/a\tb"),
    ("properties", {"$extra": 1}, "/properties/$extra"),
    ("properties", {"": 1}, "/properties"),
    ("properties", {"k" * 256: 1}, "/properties"),
    ("properties", {"a": None}, "/properties/a"),
    ("properties", {"a": {}}, "/properties/a"),
    ("properties", {"a": "x" * 102_401}, "/properties/a"),
    ("properties", {"a": Decimal("1E+126")}, "/properties/a"),
    ("properties", {f"p{number}": number for number in range(401)}, "/properties"),
]


@pytest.mark.parametrize(("path", "value"), GOOD)
def test_a_document_that_keeps_the_rules_is_taken(path: str, value: object) -> None:
    assert faults_of(document({path: value})) == {}


@pytest.mark.parametrize(("path", "value", "pointer"), BAD)
def test_a_document_that_breaks_a_rule_is_refused_at_that_place(
    path: str, value: object, pointer: str
) -> None:
    assert list(faults_of(document({path: value}))) == [pointer]


@pytest.mark.parametrize(("path", "value", "pointer"), BAD)
def test_within_a_wrapper_the_place_is_there(path: str, value: object, pointer: str) -> None:
    assert list(faults_of({"event": document({path: value})})) == [f"/event{pointer}"]


@pytest.mark.parametrize("no_object", [None, [], "x", 5, True])
def test_what_is_no_object_is_refused_as_a_whole(no_object: object) -> None:
    assert list(faults_of(no_object)) == [""]


def test_who_is_named_by_phone_and_email_is_told_why_that_is_refused() -> None:
    both = {"email": "j@example.com", "phone_number": "+14155550123"}
    assert faults_of(document({"customer": both})) == {
        "/customer": "Without an external_id, must have only one of phone_number and email."
    }


def test_every_fault_is_listed() -> None:
    spoilt = document({"type": "", "id": OMIT, "customer": {"email": 5, "phone": "+14155550123"}})
    spoilt["properties"] = {"a b": None, "c": [], "$d": 1}
    assert set(faults_of(spoilt)) == {
        "/type",
        "/id",
        "/customer",
        "/customer/email",
        "/properties/a b",
        "/properties/c",
        "/properties/$d",
    }


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("type", ["type", "event_type", "event_name"]),
        ("occurred_at", ["occurred_at", "timestamp", "event_time"]),
        ("id", ["id", "event_id", "external_id", "unique_id"]),
        ("properties", ["properties", "event_properties", "custom_properties"]),
    ],
)
def test_a_field_answers_to_each_of_its_names(field: str, names: list[str]) -> None:
    value = document()[field]
    for name in names:
        renamed = document({field: OMIT}) | {name: value}
        assert event_of(renamed) == event_of({"event": renamed}) == event_of(document())
        assert list(faults_of(document({field: OMIT}) | {name: [5]})) == [f"/{name}"]


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("phone_number", ["phone_number", "phone"]),
        ("custom_properties", ["custom_properties", "properties"]),
    ],
)
def test_a_field_of_the_customer_answers_to_each_of_its_names(field: str, names: list[str]) -> None:
    customer = {"phone_number": "+14155550123", "custom_properties": {"vip": True}}
    value = customer.pop(field)
    whole = document({"customer": customer | {field: value}})
    for name in names:
        assert event_of(document({"customer": customer | {name: value}})) == event_of(whole)


def test_a_name_of_null_says_nothing_and_the_next_one_is_read() -> None:
    nulls = {"type": None, "id": None, "occurred_at": None, "properties": None}
    others = {
        "event_type": document()["type"],
        "event_id": document()["id"],
        "timestamp": document()["occurred_at"],
        "event_properties": document()["properties"],
    }
    assert event_of(document() | nulls | others) == event_of(document())

    customer = {"phone": "+14155550123", "properties": {"vip": True}}
    empty = {"phone_number": None, "custom_properties": None}
    event = event_of(document({"customer": empty | customer}))
    assert event == event_of(document({"customer": customer}))
    assert event.identifiers == [Identifier(IdentifierKind.PHONE, "+14155550123")]
    both = document({"customer": {"phone_number": None, "phone": None}})
    assert list(faults_of(both)) == ["/customer"]


KEYS = st.sampled_from(
    ["event", "type", "id", "customer", "external_id", "email", "phone", "properties", "timestamp"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text()


@given(
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(), inner),
    )
)
def test_any_json_whatsoever_is_an_event_or_a_list_of_faults(anything: "JsonValue") -> None:
    with suppress(FaultyDocumentError):
        read_custom_event(anything, now=NOW)
