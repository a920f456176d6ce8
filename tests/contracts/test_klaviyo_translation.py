"""What Klaviyo's documents mean to Footfall: the same in either shape."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.klaviyo import read_entry, read_job, read_profile_update
from footfall.contracts.klaviyo_events import to_statement
from footfall.contracts.klaviyo_revisions import NEWEST
from footfall.domain.events import IDENTIFY, UniqueRule
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.strict_json import dump_json, parse_json
from tests.contracts.klaviyo_documents import (
    NOW,
    SEED,
    changed,
    document,
    entry,
    event_of,
    event_of_telling,
    job,
    revision,
    with_profile,
)
from tests.contracts.redo_documents import EVENT_ID, OMIT, STORE

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

JANE = {"email": "jane@example.com"}
_, EMAIL, PHONE, ANONYMOUS = IdentifierKind
ID = IdentifierKind.ID


def sent(value: object) -> "JsonValue":
    """Return the document as it comes out of a body."""
    return parse_json(dump_json(value))


def test_the_documented_flat_event_is_an_event() -> None:
    event = event_of(sent(SEED), revision("2023-01-24"))

    assert event.event_name == "Viewed Product"
    assert event.event_timestamp == datetime(2022, 11, 8, tzinfo=UTC)
    assert event.received_at == NOW
    assert event.source == "klaviyo"
    assert event.identifiers == [
        Identifier(EMAIL, "sarah.mason@example.com"),
        Identifier(PHONE, "+15005550006"),
    ]
    assert event.profile == {
        "email": "sarah.mason@example.com",
        "phoneNumber": "+15005550006",
        "firstName": "Sarah",
        "location.city": "Boston",
        "customFields.$consent": '["sms","email"]',
        "customFields.Plan": "trial",
    }
    assert event.data == {"Brand": "Kids Book"}
    assert event.extra == {"html": "<b>"}
    assert (event.value, event.value_currency) == (Decimal("9.99"), None)
    assert (event.unique_id, event.unique_scope) == ("d47aeda5", "klaviyo")
    assert event.unique_rule is UniqueRule.FIRST_OF_CUSTOMER


def test_every_field_of_a_profile_has_its_place() -> None:
    event = event_of(
        with_profile(
            email=" Jane@Example.com ",
            phone_number="+1 (500) 555-0006",
            external_id="crm-7",
            anonymous_id="a-1",
            _kx="unreadable",
            first_name="Jane",
            last_name="Doe",
            organization="Footfall",
            locale="en-US",
            title="Engineer",
            image="https://example.com/jane.png",
            location={
                "address1": "1 Main St",
                "address2": "Apt 2",
                "city": "Boston",
                "country": "United States",
                "region": "MA",
                "zip": "02110",
                "timezone": "America/New_York",
                "ip": "127.0.0.1",
                "latitude": "42.36",
                "longitude": -71,
            },
            properties={"Plan": "trial", "visits": 0, "tags": ["a"], "gone": None, "empty": ""},
        )
    )

    assert event.identifiers == [
        Identifier(ID, "crm-7"),
        Identifier(EMAIL, "jane@example.com"),
        Identifier(PHONE, "+15005550006"),
        Identifier(ANONYMOUS, "a-1"),
    ]
    assert event.profile == {
        "email": "jane@example.com",
        "phoneNumber": "+15005550006",
        "firstName": "Jane",
        "lastName": "Doe",
        "customFields.organization": "Footfall",
        "customFields.locale": "en-US",
        "customFields.title": "Engineer",
        "customFields.image": "https://example.com/jane.png",
        "location.street1": "1 Main St",
        "location.street2": "Apt 2",
        "location.city": "Boston",
        "location.country": "United States",
        "location.state": "MA",
        "location.postalCode": "02110",
        "location.ianaTimeZoneName": "America/New_York",
        "location.latitude": Decimal("42.36"),
        "location.longitude": -71,
        "customFields.ip": "127.0.0.1",
        "customFields.Plan": "trial",
        "customFields.visits": 0,
        "customFields.tags": '["a"]',
    }


def test_klaviyos_id_of_a_profile_comes_first_and_none_comes_twice() -> None:
    event = with_profile(external_id="crm-7")
    event["data"]["attributes"]["profile"]["data"]["id"] = "f00"
    assert event_of(event).identifiers == [Identifier(ID, "f00"), Identifier(ID, "crm-7")]
    event["data"]["attributes"]["profile"]["data"]["id"] = "crm-7"
    assert event_of(event).identifiers == [Identifier(ID, "crm-7")]


@pytest.mark.parametrize("place", ["inside", "beside"])
@pytest.mark.parametrize("unset", ["Plan", ["Plan"]])
def test_properties_are_unset_wherever_meta_stands(place: str, unset: object) -> None:
    event = with_profile(**JANE, properties={"visits": 1})
    profile = event["data"]["attributes"]["profile"]["data"]
    (profile["attributes"] if place == "inside" else profile)["meta"] = {
        "patch_properties": {"append": {}, "unset": unset}
    }
    assert event_of(event).profile == {
        "email": "jane@example.com",
        "customFields.Plan": None,
        "customFields.visits": 1,
    }


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-04-02T12:00:00.999Z", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02T12:00:00", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02t12:00:00z", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        (" 2026-04-02T12:00Z ", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02 12:00:00", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02T14:00:00+02:00", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02T14:00:00+0200", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02", datetime(2026, 4, 2, tzinfo=UTC)),
        (None, NOW.replace(microsecond=0)),
        ("", NOW.replace(microsecond=0)),
        (OMIT, NOW.replace(microsecond=0)),
    ],
)
def test_time_is_utc_cut_to_the_second_and_now_if_left_out(text: object, instant: datetime) -> None:
    assert event_of(document({"time": text})).event_timestamp == instant


@pytest.mark.parametrize("unique_id", [OMIT, None, ""])
def test_without_a_unique_id_the_second_stands_for_it(unique_id: object) -> None:
    told = document({"unique_id": unique_id, "time": "1996-12-19T16:39:57.5-08:00"})
    assert event_of(told).unique_id == "851042397"
    untimed = document({"unique_id": unique_id, "time": OMIT})
    assert event_of(untimed).unique_id == str(int(NOW.timestamp()))


def test_unset_properties_are_not_stored_and_a_repeated_word_is() -> None:
    properties = {"a": 0, "b": None, "c": "", "d": False, "$value": 5, "$event_id": "e"}
    assert event_of(document({"properties": properties})).data == {
        "d": False,
        "$value": 5,
        "$event_id": "e",
    }


def test_each_event_of_a_job_has_the_profile_of_its_entry() -> None:
    john = {"external_id": "john"}
    told = job((JANE, [{"value": 1}, {"value": 2, "unique_id": "u-2"}]), (john, [{"value": 3}]))
    tellings = read_job(cast("JsonValue", told), now=NOW, revision=NEWEST)
    events = [event_of_telling(telling) for telling in tellings]
    assert [event.value for event in events] == [1, 2, 3]
    assert [event.identifiers for event in events] == [
        [Identifier(EMAIL, "jane@example.com")],
        [Identifier(EMAIL, "jane@example.com")],
        [Identifier(ID, "john")],
    ]
    assert events[0] == event_of(document({"value": 1, "profile": _nested(JANE)}))


def test_the_client_apis_bulk_means_the_same_as_a_job() -> None:
    told: list[dict[str, object]] = [{"value": 1}, {"value": 2, "unique_id": "u-2"}]
    of_client = read_entry(cast("JsonValue", entry(JANE, told)), now=NOW, revision=NEWEST)
    of_job = read_job(cast("JsonValue", job((JANE, told))), now=NOW, revision=NEWEST)
    assert [event_of_telling(one) for one in of_client] == [event_of_telling(one) for one in of_job]


def test_a_profile_of_the_client_api_is_a_statement_and_null_takes_away() -> None:
    attributes = {
        **JANE,
        "phone_number": None,
        "first_name": "Jane",
        "title": None,
        "location": {"city": None},
        "properties": {"Plan": None, "visits": 2},
    }
    told = {"data": {"type": "profile", "attributes": attributes}}
    person = read_profile_update(cast("JsonValue", told), now=NOW, revision=NEWEST)
    event = to_statement(person, store_id=STORE, event_id=EVENT_ID, now=NOW)
    assert event.event_name == IDENTIFY
    assert event.event_timestamp == NOW
    assert event.unique_id is None
    assert event.identifiers == [Identifier(EMAIL, "jane@example.com")]
    assert event.profile == {
        "email": "jane@example.com",
        "firstName": "Jane",
        "customFields.title": None,
        "location.city": None,
        "customFields.Plan": None,
        "customFields.visits": 2,
    }


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
_CUSTOM_NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10).filter(
    lambda name: not name.startswith("$")
)
_VALUES = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | _TEXT | st.lists(_TEXT)
_NAMED = ("first_name", "last_name", "organization", "title", "image")
_PLACES = ("city", "region", "country", "zip", "address1", "timezone")


@given(
    st.dictionaries(st.sampled_from(_NAMED), _TEXT | st.none()),
    st.dictionaries(st.sampled_from(_PLACES), _TEXT | st.none()),
    st.dictionaries(_CUSTOM_NAMES.filter(lambda name: name not in _NAMED), _VALUES, max_size=5),
    st.dictionaries(_CUSTOM_NAMES, _VALUES, max_size=5),
)
def test_a_flat_and_a_nested_event_are_one_event(
    named: dict[str, Any],
    places: dict[str, Any],
    custom: dict[str, Any],
    properties: dict[str, Any],
) -> None:
    identifiers = {"email": "Jane@Example.com", "phone_number": "+15005550006"}
    flat_profile = {
        **{f"${name}": value for name, value in {**identifiers, **named, **places}.items()},
        **custom,
    }
    nested = with_profile(**identifiers, **named, location=places, properties=custom)
    nested = changed(nested, {"properties": properties})
    flat = changed(nested, {"profile": flat_profile, "metric": {"name": "Viewed Product"}})

    assert event_of(sent(flat)) == event_of(sent(nested))


def test_a_metric_and_a_profile_are_read_each_by_its_own_structure() -> None:
    mixed = document({"metric": {"name": "Viewed Product"}})
    assert event_of(mixed) == event_of(document())


@pytest.mark.parametrize("value", ["mobile", {"plan": "trial"}])
def test_a_flat_profile_may_have_a_property_called_data(value: object) -> None:
    told = event_of(document({"profile": {"$email": "jane@example.com", "data": value}}))
    assert told.identifiers == [Identifier(EMAIL, "jane@example.com")]
    assert "customFields.data" in told.profile


def _nested(attributes: dict[str, str]) -> dict[str, Any]:
    return {"data": {"type": "profile", "attributes": attributes}}
