"""What Klaviyo asks of a document: its limits, by revision, each fault with its place."""

from datetime import timedelta
from typing import Any

import pytest

from footfall.domain.timestamps import format_timestamp
from tests.contracts.klaviyo_documents import (
    ATTRIBUTES,
    NOW,
    PROFILE,
    SEED,
    changed,
    document,
    entry,
    entry_faults,
    event_of,
    faults_of,
    job,
    job_faults,
    profile_faults,
    revision,
    with_profile,
)
from tests.contracts.redo_documents import OMIT

JANE = {"email": "jane@example.com"}
OLD, NEW = "2023-01-24", "2026-10-15"
BULK = "/data/attributes/events-bulk-create/data"


def nested(levels: int) -> Any:  # noqa: ANN401  # any JSON
    return "bottom" if levels == 0 else {"deeper": nested(levels - 1)}


def test_the_documented_events_are_accepted() -> None:
    assert faults_of(document()) == {}
    assert faults_of(SEED, revision(OLD)) == {}


@pytest.mark.parametrize(
    ("text", "most"),
    [("2023-01-24", 300), ("2025-01-15", 300), ("2025-04-15", 400), ("2026-07-15.pre", 400)],
)
def test_properties_grew_with_a_revision(text: str, most: int) -> None:
    def with_properties(count: int) -> dict[str, Any]:
        return document({"properties": {f"p{number}": number for number in range(count)}})

    assert faults_of(with_properties(most), revision(text)) == {}
    faults = faults_of(with_properties(most + 1), revision(text))
    assert faults == {f"{ATTRIBUTES}/properties": f"Must have at most {most} properties."}


@pytest.mark.parametrize(
    ("text", "first", "too_early"),
    [
        ("2026-04-15", "2000-01-01T00:00:00Z", "1999-12-31T23:59:59Z"),
        ("2026-07-15", "1990-01-01T00:00:00Z", "1989-12-31T23:59:59Z"),
    ],
)
def test_time_grew_with_a_revision(text: str, first: str, too_early: str) -> None:
    assert faults_of(document({"time": first}), revision(text)) == {}
    assert list(faults_of(document({"time": too_early}), revision(text))) == [f"{ATTRIBUTES}/time"]


def test_time_is_at_most_one_year_ahead() -> None:
    latest = NOW + timedelta(days=365)
    assert faults_of(document({"time": format_timestamp(latest)})) == {}
    too_late = format_timestamp(latest + timedelta(seconds=1))
    assert list(faults_of(document({"time": too_late}))) == [f"{ATTRIBUTES}/time"]


@pytest.mark.parametrize(
    "time", ["yesterday", "2026-02-30T00:00:00Z", 1_775_000_000, {}, "0001-01-01"]
)
def test_a_time_that_is_none_is_named(time: object) -> None:
    assert list(faults_of(document({"time": time}))) == [f"{ATTRIBUTES}/time"]


@pytest.mark.parametrize("name", ["", " ", "x" * 128, 5, None])
def test_a_metric_has_a_name_of_less_than_128_characters(name: object) -> None:
    nested_metric = document({"metric.data.attributes.name": name})
    flat_metric = changed(SEED, {"metric.name": name})
    assert list(faults_of(nested_metric)) == [f"{ATTRIBUTES}/metric/data/attributes/name"]
    assert list(faults_of(flat_metric)) == [f"{ATTRIBUTES}/metric/name"]


def test_the_longest_metric_name_is_accepted() -> None:
    assert faults_of(document({"metric.data.attributes.name": "x" * 127})) == {}


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        ({"a": "x" * 102_401}, "/a"),
        ({"a": ["é" * 51_201]}, "/a/0"),
        ({"a": [0] * 4_001}, "/a"),
        ({"$extra": {"items": [0] * 4_001}}, "/$extra/items"),
        ({"a": nested(11)}, "/a" + "/deeper" * 10),
        ({"": 1}, ""),
        ({"a": 10**40}, "/a"),
        (None, ""),
        ([], ""),
    ],
)
def test_limits_of_properties_are_named_with_their_place(properties: object, place: str) -> None:
    faults = faults_of(document({"properties": properties}))
    assert list(faults) == [f"{ATTRIBUTES}/properties{place}"]


def test_whatever_klaviyo_takes_at_its_limits_is_taken() -> None:
    properties = {
        "text": "x" * 102_400,
        "array": [0] * 4_000,
        "deep": nested(10),
        "$extra": {"any": nested(9), "number": 10**40},
    }
    assert faults_of(document({"properties": properties})) == {}


def test_properties_may_be_empty_but_not_left_out() -> None:
    assert faults_of(document({"properties": {}})) == {}
    assert list(faults_of(document({"properties": OMIT}))) == [f"{ATTRIBUTES}/properties"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"value": "9.99"}, "/value"),
        ({"value": True}, "/value"),
        ({"value_currency": "dollars"}, "/value_currency"),
        ({"unique_id": 5}, "/unique_id"),
        ({"unique_id": "x" * 256}, "/unique_id"),
        ({"backfill": "no"}, "/backfill"),
        ({"metric": OMIT}, "/metric"),
        ({"metric": "Viewed Product"}, "/metric"),
        ({"metric.data.type": "event"}, "/metric/data/type"),
        ({"profile": OMIT}, "/profile"),
        ({"profile": []}, "/profile"),
        ({"profile.data.type": "person"}, "/profile/data/type"),
        ({"profile.data.attributes": OMIT}, "/profile/data/attributes"),
    ],
)
def test_each_fault_has_its_place(changes: dict[str, object], place: str) -> None:
    assert list(faults_of(document(changes))) == [ATTRIBUTES + place]


@pytest.mark.parametrize(
    ("attributes", "place"),
    [
        ({"email": "jane"}, "/email"),
        ({**JANE, "phone_number": "555"}, "/phone_number"),
        ({**JANE, "external_id": 7}, "/external_id"),
        ({**JANE, "first_name": ["Jane"]}, "/first_name"),
        ({**JANE, "location": "Boston"}, "/location"),
        ({**JANE, "location": {"latitude": "91"}}, "/location/latitude"),
        ({**JANE, "location": {"longitude": "east"}}, "/location/longitude"),
        ({**JANE, "location": {"longitude": "NaN"}}, "/location/longitude"),
        ({**JANE, "properties": [1]}, "/properties"),
        ({**JANE, "properties": {"a": 10**40}}, "/properties/a"),
        ({**JANE, "properties": {"$extra": 10**40}}, "/properties/$extra"),
        ({**JANE, "properties": {"": 1}}, "/properties"),
        ({**JANE, "meta": "unset"}, "/meta"),
        ({**JANE, "meta": {"patch_properties": 5}}, "/meta/patch_properties"),
        ({**JANE, "meta": {"patch_properties": {"unset": 5}}}, "/meta/patch_properties/unset"),
        ({**JANE, "meta": {"patch_properties": {"unset": [5]}}}, "/meta/patch_properties/unset"),
        ({**JANE, "properties": {"a": "x" * 66_000}}, ""),
    ],
)
def test_each_fault_of_a_profile_has_its_place(attributes: dict[str, object], place: str) -> None:
    assert list(faults_of(with_profile(**attributes))) == [PROFILE + place]


def test_a_bad_phone_number_refuses_an_event_as_klaviyo_does() -> None:
    faults = faults_of(changed(SEED, {"profile.$phone_number": "555"}))
    assert list(faults) == [f"{ATTRIBUTES}/profile/$phone_number"]


@pytest.mark.parametrize("patched", ["patch_properties", "patch_identifiers"])
@pytest.mark.parametrize("name", ["append", "unappend"])
def test_a_patch_that_is_not_offered_is_refused_rather_than_forgotten(
    patched: str, name: str
) -> None:
    meta = {patched: {name: {"tags": "x"}}}
    assert list(faults_of(with_profile(**JANE, meta=meta))) == [f"{PROFILE}/meta/{patched}/{name}"]
    beside = document()
    beside["data"]["attributes"]["profile"]["data"]["meta"] = meta
    assert list(faults_of(beside)) == [f"{ATTRIBUTES}/profile/data/meta/{patched}/{name}"]
    silent: list[object] = [{name: {}}, {name: None}, {}, None]
    for nothing in silent:
        assert faults_of(with_profile(**JANE, meta={patched: nothing})) == {}
    assert list(faults_of(with_profile(**JANE, meta={patched: 5}))) == [f"{PROFILE}/meta/{patched}"]


@pytest.mark.parametrize("attributes", [{}, {"email": ""}, {"email": None}, {"first_name": "J"}])
def test_a_profile_needs_an_identifier(attributes: dict[str, object]) -> None:
    assert list(faults_of(with_profile(**attributes))) == [PROFILE]
    flat = {f"${name}": value for name, value in attributes.items()}
    assert list(faults_of(document({"profile": flat}))) == [f"{ATTRIBUTES}/profile"]


def test_kx_alone_is_refused_with_the_reason() -> None:
    assert "_kx" in faults_of(with_profile(_kx="abc"))[PROFILE]
    assert (
        "_kx" in faults_of(document({"profile": {"$exchange_id": "abc"}}))[f"{ATTRIBUTES}/profile"]
    )
    assert faults_of(with_profile(_kx="abc", **JANE)) == {}


def test_unknown_fields_are_ignored() -> None:
    sent = document({"someday": {"new": 1}})
    sent["data"]["relationships"] = {}
    assert faults_of(sent) == {}
    assert event_of(sent) == event_of(document())


def test_all_faults_are_told_at_once() -> None:
    sent = document({"properties": {"a": [0] * 4_001}, "time": "x", "value": "x", "metric": {}})
    places = ("properties/a", "time", "value", "metric/name")
    assert list(faults_of(sent)) == [f"{ATTRIBUTES}/{place}" for place in places]


def test_a_fault_in_a_job_has_the_index_of_its_entry_and_event() -> None:
    bad_event = job((JANE, [{"unique_id": "a"}]), (JANE, [{}, {"value": "x"}]))
    place = f"{BULK}/1/attributes/events/data/1/attributes/value"
    assert list(job_faults(bad_event)) == [place]
    bad_profile = job((JANE, [{}]), ({"phone_number": "5"}, [{}]))
    place = f"{BULK}/1/attributes/profile/data/attributes/phone_number"
    assert list(job_faults(bad_profile)) == [place]


def test_a_job_has_at_most_1000_events_in_all() -> None:
    def with_events(*counts: int) -> dict[str, Any]:
        return job(*((JANE, [{"unique_id": OMIT}] * count) for count in counts))

    assert job_faults(with_events(400, 600)) == {}
    assert list(job_faults(with_events(400, 601))) == [BULK]
    assert list(job_faults(with_events(1_001))) == [f"{BULK}/0/attributes/events/data"]
    assert list(entry_faults(entry(JANE, [{"unique_id": OMIT}] * 1_001))) == [
        "/data/attributes/events/data"
    ]


def test_a_job_without_events_is_refused() -> None:
    assert list(job_faults(job())) == [BULK]
    assert list(job_faults(job((JANE, [])))) == [f"{BULK}/0/attributes/events/data"]


def test_a_unique_id_repeated_for_a_profile_and_metric_refuses_the_job() -> None:
    phone = {"phone_number": "+15005550006"}
    repeated = job((JANE, [{}]), (phone, [{}]), ({**JANE, "external_id": "7"}, [{}]))
    assert list(job_faults(repeated)) == [f"{BULK}/2/attributes/events/data/0/attributes/unique_id"]
    assert list(entry_faults(entry(JANE, [{}, {}]))) == [
        "/data/attributes/events/data/1/attributes/unique_id"
    ]


def test_a_unique_id_may_stand_in_a_job_for_several_profiles_and_metrics() -> None:
    other = {"metric.data.attributes.name": "Bought Product"}
    assert job_faults(job((JANE, [{}, other]), ({"email": "john@example.com"}, [{}]))) == {}
    without = {"unique_id": OMIT}
    assert job_faults(job((JANE, [without, without]))) == {}


def test_a_job_may_not_make_megabytes_out_of_kilobytes() -> None:
    wordy = {**JANE, "properties": {"a": "x" * 60_000}}
    assert job_faults(job((wordy, [{"unique_id": OMIT}] * 300))) == {}
    assert list(job_faults(job((wordy, [{"unique_id": OMIT}] * 400)))) == [BULK]


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ([], ""),
        ({}, "/data"),
        ({"data": {"type": "profile"}}, "/data/attributes"),
        ({"data": {"type": "profile", "attributes": {}}}, "/data/attributes"),
        ({"data": {"type": "event", "attributes": JANE}}, "/data/type"),
        ({"data": {"type": "profile", "attributes": {"email": "x"}}}, "/data/attributes/email"),
    ],
)
def test_a_profile_of_the_client_api_is_checked_alike(sent: object, pointer: str) -> None:
    assert list(profile_faults(sent)) == [pointer]
