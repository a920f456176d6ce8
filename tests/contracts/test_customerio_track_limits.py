"""The limits of Customer.io's Track API, and its own words where they are broken."""

from collections.abc import Callable
from typing import Any

import pytest

from footfall.contracts.customerio_events import Occasion
from footfall.contracts.customerio_identifiers import identifier_in_path
from footfall.contracts.customerio_track import read_event, read_identify
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.limits import MAX_CUSTOMER_BYTES, MAX_PROPERTIES
from tests.builders import NOON, STORE, own_id

OCCASION = Occasion("00000000-0000-7000-8000-000000000001", STORE, NOON)
JANE = own_id("5")
NO_NUMBER = "must be a number of at most 38 digits, from 1E-130 to 9.99E+125 in size"
PADDING = len('{"a":""}')


def identify(attributes: Any) -> list[str]:  # noqa: ANN401  # whatever comes
    return _messages(lambda: read_identify(attributes, JANE, OCCASION))


def track(event: Any) -> list[str]:  # noqa: ANN401  # whatever comes
    return _messages(lambda: read_event(event, JANE, OCCASION))


def _messages(read: Callable[[], object]) -> list[str]:
    try:
        read()
    except FaultyDocumentError as error:
        return [fault.detail for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"id": 5}, "id attribute must be a string value"),
        ({"id": True}, "id attribute must be a string value"),
        ({"id": ""}, "id attribute cannot be an empty string"),
        ({"id": " "}, "id attribute cannot be an empty string"),
        ({"id": "x" * 151}, "id attribute cannot be longer than 150 bytes"),
        ({"id": "é" * 76}, "id attribute cannot be longer than 150 bytes"),
        ({"cio_id": "cio_"}, "cio_id attribute cannot be an empty string"),
        ({"anonymous_id": ["a"]}, "anonymous_id attribute must be a string value"),
        ({"anonymous_id": "x" * 151}, "anonymous_id attribute cannot be longer than 150 bytes"),
        (
            {f"a{number}": 1 for number in range(301)},
            "cannot identify more than 300 attributes in one request",
        ),
        ({"x" * 151: 1}, "attribute name cannot be longer than 150 bytes"),
        ({"é" * 76: 1}, "attribute name cannot be longer than 150 bytes"),
        ({"": 1}, "attribute name cannot be an empty string"),
        ({"plan": "x" * 1001}, "value for attribute 'plan' cannot be longer than 1000 bytes"),
        ({"plan": "é" * 501}, "value for attribute 'plan' cannot be longer than 1000 bytes"),
        ({"plan": ["x" * 997]}, "value for attribute 'plan' cannot be longer than 1000 bytes"),
        (
            {"plan": 10**200},
            f"value for attribute 'plan' {NO_NUMBER}",
        ),
        ([], "the request must be a hash"),
    ],
)
def test_attributes_over_their_limits_are_refused_in_customerios_words(
    attributes: object, message: str
) -> None:
    assert identify(attributes) == [message]


@pytest.mark.parametrize(
    "attributes",
    [
        {"id": "x" * 150},
        {"id": None, "cio_id": None, "anonymous_id": None},
        {f"a{number}": 1 for number in range(300)},
        {"x" * 150: 1},
        {"plan": "x" * 1000},
        {"plan": "é" * 500},
        {"plan": ["x" * 996]},
        {"cio_relationships": {"relationships": ["x" * 2000]}},
    ],
)
def test_attributes_at_their_limits_are_taken(attributes: object) -> None:
    assert identify(attributes) == []


def test_every_value_that_is_too_long_is_named() -> None:
    assert identify({"a": "x" * 1001, "b": "y", "c": "x" * 1001}) == [
        "value for attribute 'a' cannot be longer than 1000 bytes",
        "value for attribute 'c' cannot be longer than 1000 bytes",
    ]


def test_no_more_is_stated_at_once_than_a_profile_can_take() -> None:
    attributes = {f"a{number}": "x" * 1000 for number in range(MAX_CUSTOMER_BYTES // 1000 + 1)}
    assert identify(attributes) == [f"attributes cannot be longer than {MAX_CUSTOMER_BYTES} bytes"]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({}, "event name must not be blank"),
        ({"name": None}, "event name must not be blank"),
        ({"name": ""}, "event name must not be blank"),
        ({"name": " \t"}, "event name must not be blank"),
        ({"name": 5}, "event name must be a string value"),
        ({"name": "x" * 101}, "event name cannot be longer than 100 bytes"),
        ({"name": "é" * 51}, "event name cannot be longer than 100 bytes"),
        (
            {"name": "x" * 100_001, "type": "page"},
            "event name cannot be longer than 100000 bytes",
        ),
        ({"name": "a", "data": []}, "event data must be a hash"),
        ({"name": "a", "data": "x"}, "event data must be a hash"),
        ({"name": "a", "data": 0}, "event data must be a hash"),
        (
            {"name": "a", "data": {"a": "x" * (100_001 - PADDING)}},
            "event data cannot be longer than 100000 bytes",
        ),
        (
            {"name": "a", "data": {f"p{n}": 1 for n in range(MAX_PROPERTIES + 1)}},
            "event data: must have at most 400 properties",
        ),
        (
            {"name": "a", "data": {"items": [{"n": 10**200}]}},
            f"event data at items.0.n: {NO_NUMBER}",
        ),
        ("event", "the request must be a hash"),
    ],
)
def test_events_over_their_limits_are_refused_in_customerios_words(
    event: object, message: str
) -> None:
    assert track(event) == [message]


@pytest.mark.parametrize(
    "event",
    [
        {"name": "x" * 100},
        {"name": f"  {'x' * 100}  "},
        {"name": "a", "data": None},
        {"name": "a", "data": {"a": "x" * (100_000 - PADDING)}},
        {"name": "https://example.com/" + "x" * 1000, "type": "page"},
        {"name": "x" * 100_000, "type": "screen"},
    ],
)
def test_events_at_their_limits_are_taken(event: object) -> None:
    assert track(event) == []


def test_every_fault_of_an_event_is_named() -> None:
    assert track({"data": 5}) == ["event name must not be blank", "event data must be a hash"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (" ", "id attribute cannot be an empty string"),
        ("x" * 151, "id attribute cannot be longer than 150 bytes"),
        ("cio_" + "x" * 151, "id attribute cannot be longer than 150 bytes"),
    ],
)
def test_a_person_in_the_path_has_limits_too(name: str, message: str) -> None:
    assert _messages(lambda: identifier_in_path(name)) == [message]
