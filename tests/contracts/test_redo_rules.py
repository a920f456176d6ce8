"""Every rule of Redo's contract, by documents that keep it and documents that break it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from footfall.contracts.redo import read_bulk, read_customer
from footfall.domain.faults import MAX_LISTED_FAULTS, FaultyDocumentError
from footfall.domain.strict_json import parse_json
from footfall.domain.timestamps import format_timestamp
from tests.contracts.redo_documents import NOW, OMIT, document, event_of, faults_of


def nested(levels: int) -> object:
    """Return a value of that many arrays within each other."""
    return [nested(levels - 1)] if levels else 1


GOOD: list[tuple[str, object]] = [
    ("eventName", "n" * 255),
    ("eventName", "$extra"),
    ("eventName", "Bestellung über 5 €\x00"),
    ("customer.id", "x"),
    ("customer.email", "Jane.Doe+tag@Example.COM "),
    ("customer.firstName", None),
    ("customer.firstName", ""),
    ("customer.lastName", "O'Neill"),
    ("customer.location", None),
    ("customer.location.countryCode", "us"),
    ("customer.location.countryCode", ""),
    ("customer.location.latitude", -90),
    ("customer.location.longitude", Decimal("180.0")),
    ("customer.customFields", None),
    ("customer.customFields.Visits", Decimal("1E-130")),
    ("customer.customFields.Blocked", False),
    ("customer.customFields.Nothing", None),
    ("data", OMIT),
    ("data", None),
    ("data", {}),
    ("data", {f"p{number}": number for number in range(400)}),
    ("data.n", Decimal("9.99E+125")),
    ("data.n", int("9" * 38)),
    ("data.n", -int("9" * 38)),
    ("data.s", "x" * 102_400),
    ("data.list", [1, "two", {"three": [None, False]}]),
    ("data.deep", nested(8)),
    ("data.$extra", {"": int("9" * 60), "x" * 300: [0, None, ""]}),
    ("data.$extra", nested(8)),
    ("eventTimestamp", None),
    ("eventTimestamp", "1990-01-01T00:00:00Z"),
    ("eventTimestamp", "2026-04-02T14:00:00.123456789+02:00"),
    ("eventTimestamp", format_timestamp(NOW + timedelta(days=365))),
    ("value", 0),
    ("value", Decimal("-0.01")),
    ("valueCurrency", "eur"),
    ("valueCurrency", "DEM"),
    ("uniqueId", "u" * 255),
    ("uniqueId", " # / "),
    ("nobody knows this", {"deep": nested(30)}),
]

BAD: list[tuple[str, object, str]] = [
    ("eventName", OMIT, "/eventName"),
    ("eventName", None, "/eventName"),
    ("eventName", 5, "/eventName"),
    ("eventName", "", "/eventName"),
    ("eventName", " \t\n", "/eventName"),
    ("eventName", "n" * 256, "/eventName"),
    ("customer", OMIT, "/customer"),
    ("customer", None, "/customer"),
    ("customer", "jane@example.com", "/customer"),
    ("customer", {}, "/customer"),
    ("customer", {"email": None}, "/customer"),
    ("customer", {"firstName": "Jane"}, "/customer"),
    ("customer.first_name", "Jane", "/customer/first_name"),
    ("customer.phone_number", "+14155550123", "/customer/phone_number"),
    ("customer.a/b~c", 1, "/customer/a~1b~0c"),
    ("customer.id", 5, "/customer/id"),
    ("customer.id", " ", "/customer/id"),
    ("customer.id", "i" * 256, "/customer/id"),
    ("customer.email", "", "/customer/email"),
    ("customer.email", "joan", "/customer/email"),
    ("customer.email", "jane@exa mple.com", "/customer/email"),
    ("customer.email", ["jane@example.com"], "/customer/email"),
    ("customer.phoneNumber", "415 555 0123", "/customer/phoneNumber"),
    ("customer.phoneNumber", 14155550123, "/customer/phoneNumber"),
    ("customer.firstName", 1, "/customer/firstName"),
    ("customer.firstName", "x" * 102_401, "/customer/firstName"),
    ("customer.location", [], "/customer/location"),
    ("customer.location.zip", "98101", "/customer/location/zip"),
    ("customer.location.city", 7, "/customer/location/city"),
    ("customer.location.countryCode", "USA", "/customer/location/countryCode"),
    ("customer.location.countryCode", "U1", "/customer/location/countryCode"),
    ("customer.location.latitude", "47.6", "/customer/location/latitude"),
    ("customer.location.latitude", Decimal("90.01"), "/customer/location/latitude"),
    ("customer.location.longitude", -181, "/customer/location/longitude"),
    ("customer.location.longitude", True, "/customer/location/longitude"),
    ("customer.customFields", "x", "/customer/customFields"),
    ("customer.customFields.Tags", ["a"], "/customer/customFields/Tags"),
    ("customer.customFields.Home", {}, "/customer/customFields/Home"),
    ("customer.customFields.Age", Decimal("1E+126"), "/customer/customFields/Age"),
    ("customer.customFields.Note", "é" * 51_201, "/customer/customFields/Note"),
    ("customer.customFields", {"": 1}, "/customer/customFields"),
    ("data", [], "/data"),
    ("data", "x", "/data"),
    ("data", {f"p{number}": number for number in range(401)}, "/data"),
    ("data", {"": 1}, "/data"),
    ("data", {"k" * 256: 1}, "/data"),
    ("data.nested", {"": 1}, "/data/nested"),
    ("data.a/b ~c", {"s": ["x" * 102_401]}, "/data/a~1b ~0c/s/0"),
    ("data.n", Decimal("1E+126"), "/data/n"),
    ("data.n", Decimal("1E-131"), "/data/n"),
    ("data.n", int("1" * 39), "/data/n"),
    ("data.n", [{"m": Decimal("0." + "1" * 39)}], "/data/n/0/m"),
    ("data.deep", nested(9), "/data/deep/0/0/0/0/0/0/0/0"),
    ("data.$extra", nested(9), "/data/$extra/0/0/0/0/0/0/0/0"),
    ("data.$extra", {"s": "x" * 102_401}, "/data/$extra/s"),
    ("eventTimestamp", 1775131200, "/eventTimestamp"),
    ("eventTimestamp", "", "/eventTimestamp"),
    ("eventTimestamp", "2025-05-06", "/eventTimestamp"),
    ("eventTimestamp", "2025-05-06T12:00:00", "/eventTimestamp"),
    ("eventTimestamp", "2026-02-30T12:00:00Z", "/eventTimestamp"),
    ("eventTimestamp", "1989-12-31T23:59:59.999999Z", "/eventTimestamp"),
    (
        "eventTimestamp",
        format_timestamp(NOW + timedelta(days=365, seconds=1)),
        "/eventTimestamp",
    ),
    ("value", "5", "/value"),
    ("value", True, "/value"),
    ("value", Decimal("1E+126"), "/value"),
    ("valueCurrency", "", "/valueCurrency"),
    ("valueCurrency", "US", "/valueCurrency"),
    ("valueCurrency", "ZZZ", "/valueCurrency"),
    ("valueCurrency", 840, "/valueCurrency"),
    ("uniqueId", "", "/uniqueId"),
    ("uniqueId", "u" * 256, "/uniqueId"),
    ("uniqueId", 5, "/uniqueId"),
]


@pytest.mark.parametrize(("path", "value"), GOOD)
def test_a_document_that_keeps_the_rules_is_taken(path: str, value: object) -> None:
    assert faults_of(document({path: value})) == {}


@pytest.mark.parametrize(("path", "value", "pointer"), BAD)
def test_a_document_that_breaks_a_rule_is_refused_at_that_place(
    path: str, value: object, pointer: str
) -> None:
    assert list(faults_of(document({path: value}))) == [pointer]


@pytest.mark.parametrize("no_object", [None, [], "x", 5, True])
def test_what_is_no_object_is_refused_as_a_whole(no_object: object) -> None:
    assert list(faults_of(no_object)) == [""]


def test_snake_case_names_are_not_taken_for_the_fields() -> None:
    spoilt = document({"eventName": OMIT, "event_name": "Order Placed"})
    assert list(faults_of(spoilt)) == ["/eventName"]


def test_every_fault_is_listed() -> None:
    spoilt = document(
        {
            "eventName": " ",
            "customer": {"firstName": 1, "nickname": "J", "location": {"latitude": "north"}},
            "data": {"a": Decimal("1E+999"), "b": {"c": "x" * 102_401}},
            "value": "5",
            "uniqueId": "",
        }
    )
    assert set(faults_of(spoilt)) == {
        "/eventName",
        "/customer",
        "/customer/firstName",
        "/customer/nickname",
        "/customer/location/latitude",
        "/data/a",
        "/data/b/c",
        "/value",
        "/uniqueId",
    }


@pytest.mark.parametrize(("path", "value", "pointer"), BAD)
def test_details_are_sentences_that_never_repeat_the_value(
    path: str, value: object, pointer: str
) -> None:
    detail = faults_of(document({path: value}))[pointer]
    assert detail[0].isupper()
    assert detail.endswith(".")
    if isinstance(value, str) and len(value) > 3:
        assert value not in detail


def test_the_list_of_faults_is_bounded_and_so_is_each_place() -> None:
    huge = document({"data": {"k" * 255: [[{"x" * 250: [Decimal("1E+999")] * 5_000}]]}})
    faults = faults_of(huge)
    assert max(map(len, faults)) <= 1_010
    long_key = document({"customer": {"email": "j@example.com", "x" * 4_000_000: 1}})
    assert list(faults_of(long_key)) == ["/customer"]
    with pytest.raises(FaultyDocumentError) as refused:
        read_customer({"email": "j@example.com", **{f"x{number}": 1 for number in range(5_000)}})
    assert len(refused.value.faults) == MAX_LISTED_FAULTS


def test_a_bulk_is_an_object_with_1_to_100_events_and_nothing_else() -> None:
    assert read_bulk({"events": [1, "anything"]}) == [1, "anything"]
    for spoilt, pointer in (
        ({}, "/events"),
        ([], ""),
        ({"events": {}}, "/events"),
        ({"events": []}, "/events"),
        ({"events": [{}] * 101}, "/events"),
        ({"events": [{}], "more": 1}, "/more"),
    ):
        with pytest.raises(FaultyDocumentError) as refused:
            read_bulk(parse_json(str(spoilt).replace("'", '"')))
        assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_a_customer_needs_an_e_mail_address_and_has_no_other_fields() -> None:
    assert read_customer({"email": "Jane@Example.com"}) == {"email": "jane@example.com"}
    with pytest.raises(FaultyDocumentError) as refused:
        read_customer({"id": "x", "phoneNumber": "+14155550123"})
    assert [fault.pointer for fault in refused.value.faults] == ["/email", "/id"]


def test_one_year_ahead_is_measured_from_now() -> None:
    timestamp = {"eventTimestamp": "2027-04-02T12:30:00Z"}
    assert event_of(document(timestamp)).event_timestamp == datetime(2027, 4, 2, 12, 30, tzinfo=UTC)
