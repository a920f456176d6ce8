"""What a document of Redo's contract means: the event it becomes, and its way through the queue."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.redo import read_event
from footfall.domain.envelope import to_envelope
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.values import JsonObject, JsonValue
from tests.builders import events_in
from tests.contracts.redo_documents import (
    DOCUMENTED_EXAMPLE,
    NOW,
    OMIT,
    document,
    documented_event,
    event_of,
)

NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20), st.decimals(allow_nan=False, allow_infinity=False, places=4)
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=20))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)
NAMES = st.text(min_size=1, max_size=20)
GOOD_DOCUMENTS = st.fixed_dictionaries(
    {
        "eventName": NAMES.filter(lambda name: name.strip() != ""),
        "customer": st.fixed_dictionaries(
            {"email": st.sampled_from(["jane@example.com", " JOE@Example.com"])},
            optional={
                "id": NAMES.filter(lambda name: name.strip() != ""),
                "phoneNumber": st.sampled_from(["+14155550123", "+49 30 901820", None]),
                "firstName": st.text(max_size=20),
                "location": st.fixed_dictionaries(
                    {}, optional={"city": st.text(max_size=20), "latitude": st.integers(-90, 90)}
                ),
                "customFields": st.dictionaries(NAMES, SCALARS, max_size=4),
            },
        ),
    },
    optional={
        "data": st.dictionaries(NAMES, st.one_of(SCALARS, st.lists(SCALARS)), max_size=4),
        "value": NUMBERS,
        "valueCurrency": st.sampled_from(["USD", "eur"]),
        "uniqueId": st.text(min_size=1, max_size=255),
        "eventTimestamp": st.datetimes(
            NOW.replace(year=1991, tzinfo=None), NOW.replace(tzinfo=None)
        ).map(lambda instant: f"{instant.isoformat()}Z"),
    },
)
LIKELY_KEYS = st.sampled_from(
    ["eventName", "customer", "email", "id", "location", "customFields", "data", "$extra", "value"]
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(LIKELY_KEYS, st.text(max_size=8)), inner, max_size=6),
    ),
    max_leaves=30,
)


def test_redos_documented_example_is_taken_as_it_stands() -> None:
    event = documented_event()
    assert event.event_name == "Purchase Milestone Reached"
    assert event.event_timestamp == datetime(2026, 4, 2, 12, tzinfo=UTC)
    assert event.identifiers == [
        Identifier(IdentifierKind.ID, "665f1a2b3c4d5e6f7a8b9c0d"),
        Identifier(IdentifierKind.EMAIL, "stewart@example.com"),
        Identifier(IdentifierKind.PHONE, "+11234567890"),
    ]
    assert event.profile == {
        "email": "stewart@example.com",
        "phoneNumber": "+11234567890",
        "firstName": "Stewart",
        "lastName": "Thompson",
        "location.street1": "123 Main St",
        "location.street2": "Apt 4B",
        "location.city": "Seattle",
        "location.state": "Washington",
        "location.stateCode": "WA",
        "location.postalCode": "98101",
        "location.country": "United States",
        "location.countryCode": "US",
        "location.ianaTimeZoneName": "America/Los_Angeles",
        "location.latitude": Decimal("47.6062"),
        "location.longitude": Decimal("-122.3321"),
        "customFields.Age at Signup": 25,
        "customFields.Birthday": "1976-07-04T12:00:00Z",
        "customFields.Loyalty Tier": "Gold",
        "customFields.Accepts Marketing": True,
    }
    assert event.data == {
        "Milestone Type": "100th_purchase",
        "Total Spent": 5000,
        "VIP Tier": "gold",
        "Enrolled At": "2025-01-01T00:00:00Z",
    }
    assert event.extra == {
        "Most Recent Order IDs": [1, 2, 3],
        "Profile Snapshot": {"tier": "gold", "memberSince": "2024-01-01"},
    }
    assert (event.value, event.value_currency) == (Decimal("299.99"), "USD")
    assert (event.unique_id, event.unique_scope) == ("milestone-test-001", "store")
    assert (event.source, event.received_at) == ("redo", NOW)


def test_what_is_omitted_has_its_default() -> None:
    event = event_of(document({"data": OMIT}))
    assert event.event_timestamp == NOW
    assert (event.data, event.extra, event.value, event.unique_id) == ({}, None, None, None)


def test_an_event_without_unique_id_takes_the_one_derived_from_the_request() -> None:
    assert event_of(document(), unique_id="K:0").unique_id == "K:0"
    assert event_of(document({"uniqueId": "own"}), unique_id="K:0").unique_id == "own"


def test_names_and_identifiers_are_normalised() -> None:
    event = event_of(
        document(
            {
                "eventName": "  Order Placed ",
                "customer.id": " c-1 ",
                "customer.email": " Jane@Example.COM",
                "customer.phoneNumber": "+1 (415) 555-0123",
                "customer.location.countryCode": "us",
                "valueCurrency": "eur",
                "eventTimestamp": "2026-04-02T14:00:00.1234567+02:00",
            }
        )
    )
    assert event.event_name == "Order Placed"
    assert [identifier.value for identifier in event.identifiers] == [
        "c-1",
        "jane@example.com",
        "+14155550123",
    ]
    assert event.profile["email"] == "jane@example.com"
    assert event.profile["location.countryCode"] == "US"
    assert event.value_currency == "EUR"
    assert event.event_timestamp == datetime(2026, 4, 2, 12, 0, 0, 123456, tzinfo=UTC)


def test_unset_values_are_dropped_at_top_level_only_and_false_is_kept() -> None:
    unset: dict[str, JsonValue] = {"zero": 0, "none": None, "empty": "", "nought": Decimal("0.00")}
    event = event_of(
        document(
            {
                "customer.firstName": "",
                "customer.location.city": "",
                "customer.location.latitude": 0,
                "customer.customFields": {**unset, "no": False},
                "data": {**unset, "no": False, "nested": unset, "$extra": unset},
            }
        )
    )
    assert event.data == {"no": False, "nested": unset}
    assert event.extra == unset
    assert event.profile == {
        "email": "jane@example.com",
        "location.latitude": 0,
        "customFields.no": False,
    }


def test_numbers_keep_every_digit() -> None:
    digits = "0.12345678901234567890123456789012345678"
    text = dump_json(document()).replace("3", digits)
    event = event_of(parse_json(text))
    assert digits in dump_json(to_envelope([event]))


@given(GOOD_DOCUMENTS, JSON)
def test_an_event_comes_out_of_the_queue_as_it_went_in(
    good: dict[str, JsonValue], extra: JsonValue
) -> None:
    event = event_of(
        {**good, "data": {**cast("JsonObject", good.get("data", {})), "$extra": extra}}
    )
    assert through_the_queue(event) == event


@given(GOOD_DOCUMENTS)
def test_what_is_generated_as_good_is_good(good: dict[str, JsonValue]) -> None:
    event_of(good)


@given(ANY_JSON)
def test_any_json_whatsoever_is_an_event_or_a_list_of_faults(anything: JsonValue) -> None:
    with suppress(FaultyDocumentError):
        read_event(anything, now=NOW)


def test_a_hundred_events_take_milliseconds() -> None:
    documents = [parse_json(DOCUMENTED_EXAMPLE)] * 100
    fastest = min(_seconds_to_read(documents) for _ in range(5))
    assert fastest < 0.1


def _seconds_to_read(documents: list[JsonValue]) -> float:
    start = time.perf_counter()
    for one in documents:
        event_of(one)
    return time.perf_counter() - start


def through_the_queue(event: Event) -> Event:
    """Return what process reads of the event after ingest has sent it."""
    text = dump_json(to_envelope([event]))
    (read,) = events_in(parse_json(text))
    return replace(read, identifiers=list(read.identifiers))
