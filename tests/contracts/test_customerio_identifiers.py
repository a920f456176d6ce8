"""A person's name is the same person in every call of Customer.io's APIs."""

from typing import TYPE_CHECKING

import pytest

from footfall.contracts.customerio_calls import CallType
from footfall.contracts.customerio_events import Occasion
from footfall.contracts.customerio_identifiers import identifier_in_path
from footfall.contracts.customerio_operations import read_operation
from footfall.contracts.customerio_track import read_anonymous_event, read_identify, read_merge
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.domain.stores import Scope
from tests.builders import NOON, STORE, anonymous, email, own_id
from tests.contracts.pipelines_calls import event_of

if TYPE_CHECKING:
    from footfall.domain.values import JsonObject

OCCASION = Occasion("00000000-0000-7000-8000-000000000001", STORE, NOON)
AROUND = ["5", " 5", "5 ", "\t5\n", "\N{NO-BREAK SPACE}5"]


@pytest.mark.parametrize("text", AROUND)
def test_spaces_around_an_id_make_nobody_else_of_it(text: str) -> None:
    operation: JsonObject = {
        "type": "person",
        "identifiers": {"id": text},
        "action": "event",
        "name": "a",
    }
    told = read_operation(operation, {Scope.CUSTOMER_EVENTS_WRITE}, OCCASION)
    assert isinstance(told, Event)
    merge = read_merge({"primary": {"id": text}, "secondary": {"cio_id": "6"}}, OCCASION)
    assert identifier_in_path(text) == own_id("5")
    assert told.identifiers == [own_id("5")]
    assert read_identify({"id": text}, own_id("5"), OCCASION).identifiers == [own_id("5")]
    assert merge.primary == own_id("5")
    assert event_of(CallType.TRACK, userId=text, event="a").identifiers == [own_id("5")]


@pytest.mark.parametrize("text", AROUND)
def test_spaces_around_an_anonymous_id_make_nobody_else_of_it(text: str) -> None:
    told = read_anonymous_event({"name": "a", "anonymous_id": text}, OCCASION)
    stated = read_identify({"anonymous_id": text}, own_id("1"), OCCASION)
    assert told.identifiers == [anonymous("5")]
    assert stated.identifiers == [own_id("1"), anonymous("5")]
    assert event_of(CallType.TRACK, anonymousId=text, event="a").identifiers == [anonymous("5")]


def test_a_blank_anonymous_id_names_nobody() -> None:
    assert read_identify({"anonymous_id": " "}, own_id("1"), OCCASION).identifiers == [own_id("1")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("97980cfea0067", own_id("97980cfea0067")),
        ("Jane@Example.com ", email("jane@example.com")),
        ("cio_1f2e", own_id("1f2e")),
        (" cio_1f2e ", own_id("1f2e")),
        ("cio_", own_id("cio_")),
        ("cio_jane@example.com", own_id("jane@example.com")),
        ("+14155550123", own_id("+14155550123")),
    ],
)
def test_the_shape_tells_the_kind_in_paths_and_of_user_ids(text: str, named: Identifier) -> None:
    assert identifier_in_path(text) == named
    assert event_of(CallType.TRACK, userId=text, event="a").identifiers == [named]
