"""What the documents of Customer.io's Track API mean."""

from decimal import Decimal
from typing import Any

import pytest

from footfall.contracts.customerio_events import Occasion
from footfall.contracts.customerio_track import read_event, read_identify
from footfall.domain.events import Event
from footfall.segments.paths import reader_of
from tests.builders import NOON, STORE, email, own_id

OCCASION = Occasion("00000000-0000-7000-8000-000000000001", STORE, NOON)
ULID = "01BX5ZZKBKACTAV9WEVGEMMVRY"


def track(**fields: Any) -> Event:  # noqa: ANN401  # whatever comes
    return read_event({"name": "purchased", **fields}, own_id("5"), OCCASION)


def identify(**attributes: Any) -> Event:  # noqa: ANN401  # whatever comes
    return read_identify(attributes, own_id("5"), OCCASION)


def test_names_are_trimmed() -> None:
    assert track(name="\t new sign up ").event_name == "new sign up"


@pytest.mark.parametrize("kind", [None, "event", "", "unknown", 5, ["page"]])
def test_any_other_type_is_an_event(kind: object) -> None:
    assert track(type=kind).event_name == "purchased"


@pytest.mark.parametrize("kind", ["page", "screen"])
def test_a_page_or_screen_is_named_so_and_keeps_its_own_name_in_the_data(kind: str) -> None:
    event = track(name=" /cart ", type=kind, data={"referrer": "/"})
    assert event.event_name == kind
    assert event.data == {"name": "/cart", "referrer": "/"}
    assert track(type=kind, data={"name": "own"}).data == {"name": "own"}


def test_unset_properties_are_not_stored_and_nested_ones_are_as_they_came() -> None:
    data = {"a": None, "b": "", "c": 0, "d": False, "e": {"f": None}, "$extra": {"g": 0}}
    event = track(data=data)
    assert event.data == {"d": False, "e": {"f": None}}
    assert event.extra == {"g": 0}


def test_nested_data_is_within_reach_of_segments() -> None:
    items = [{"type": "monitor", "price": 200}, {"type": "hdmi", "price": 15}]
    event = track(data={"total": 215, "items": items, "cart": {"id": 7}})
    assert reader_of("data.items[].type")(event) == ("monitor", "hdmi")
    assert reader_of("data.cart.id")(event) == (7,)


def test_reserved_keys_are_kept_and_marked() -> None:
    reserved = {"recipient": "a@b.c", "from_address": "d@e.f", "reply_to": "g@h.i"}
    event = track(data={**reserved, "price": 5})
    assert event.data == {**reserved, "price": 5}
    assert event.extra == {"reserved": reserved}
    assert event.identifiers == [own_id("5")]


@pytest.mark.parametrize(
    ("extra", "kept"),
    [
        ({"a": 1}, {"a": 1, "reserved": {"recipient": "a@b.c"}}),
        ([1], {"$extra": [1], "reserved": {"recipient": "a@b.c"}}),
        ({"reserved": 1}, {"$extra": {"reserved": 1}, "reserved": {"recipient": "a@b.c"}}),
    ],
)
def test_reserved_keys_stand_beside_what_else_is_extra(extra: object, kept: object) -> None:
    assert track(data={"recipient": "a@b.c", "$extra": extra}).extra == kept


def test_a_reserved_key_without_a_value_is_not_marked() -> None:
    assert track(data={"recipient": "", "reply_to": None}).extra is None


@pytest.mark.parametrize(
    ("unique_id", "stored"),
    [
        (ULID, ULID),
        (ULID.lower(), ULID),
        ("order-7", "order-7"),
        ("8" + ULID[1:].lower(), "8" + ULID[1:].lower()),  # too large for a ULID
        ("x" * 255, "x" * 255),
        ("x" * 256, None),
        ("", None),
        (5, None),
        (None, None),
        ([ULID], None),
    ],
)
def test_repetitions_are_known_by_the_id(unique_id: object, stored: str | None) -> None:
    event = track(id=unique_id)
    assert (event.unique_id, event.unique_scope) == (stored, "customerio")


def test_what_an_event_is_worth() -> None:
    event = track(data={"value": Decimal("23.45"), "currency": "eur"})
    assert (event.value, event.value_currency) == (Decimal("23.45"), "EUR")
    assert event.data == {"value": Decimal("23.45"), "currency": "eur"}


@pytest.mark.parametrize("timestamp", [None, "soon", 0, 1_561_231_234_000, True, [], {}])
def test_an_event_with_a_bad_timestamp_is_of_now(timestamp: object) -> None:
    assert track(timestamp=timestamp).event_timestamp == NOON


def test_an_event_named_by_an_address_says_that_address() -> None:
    event = read_event({"name": "a"}, email("jane@example.com"), OCCASION)
    assert event.profile == {"email": "jane@example.com"}


def test_an_identify_without_timestamp_holds_from_now_on() -> None:
    event = identify(plan="premium")
    assert event.event_timestamp == event.received_at == NOON
    assert (event.unique_id, event.data) == (None, {})


def test_the_address_that_is_stated_is_the_one_of_the_profile() -> None:
    event = read_identify({"email": "new@b.c"}, email("old@b.c"), OCCASION)
    assert event.identifiers == [email("old@b.c"), email("new@b.c")]
    assert event.profile == {"email": "new@b.c"}


def test_an_identifier_that_is_said_twice_counts_once() -> None:
    assert identify(id="5").identifiers == [own_id("5")]
