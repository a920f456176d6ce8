"""One event told in every dialect is one event: what is stored tells no more than by which way."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.customerio_events import RESERVED
from footfall.domain.events import Event, UniqueRule
from footfall.domain.identifiers import IdentifierKind, normalise_email
from footfall.domain.timestamps import format_timestamp
from tests.contracts.tellings import DIALECTS, EVENT_ID, NOW, STORE, UNIQUE_ID, Telling

ANY_CHARACTERS = st.characters(exclude_categories=["Cs"])
PRINTED = st.characters(exclude_categories=["Cs", "Cc"])
# What a name of a property means elsewhere: a part of the event, a column, an e-mail's address.
TAKEN = {"value", "currency", "value_currency", UNIQUE_ID, *RESERVED}
PROPERTY_NAMES = st.text(ANY_CHARACTERS, min_size=1, max_size=12).filter(
    lambda name: name not in TAKEN and not name.startswith(("$", "_cio_", "rejected"))
)
TEXTS = st.text(ANY_CHARACTERS, max_size=20)
NUMBERS = st.integers(-(10**20), 10**20) | st.decimals(-(10**6), 10**6, places=4)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
NESTED = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(ANY_CHARACTERS, min_size=1, max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
SNAKE_CASE = st.from_regex(r"[a-z]{1,10}(_[a-z0-9]{1,10}){0,3}", fullmatch=True)
NAMES = st.text(PRINTED, min_size=1, max_size=24).filter(lambda name: name.strip() != "")
TRIMMED_IDS = st.text(PRINTED, min_size=1, max_size=30).filter(
    lambda text: (
        text.strip() == text and not text.startswith("cio_") and normalise_email(text) is None
    )
)
IDS = st.tuples(st.sampled_from(["", " "]), TRIMMED_IDS, st.sampled_from(["", " "])).map("".join)
CUSTOMERS = st.one_of(
    st.tuples(st.just(IdentifierKind.ID), IDS),
    st.tuples(
        st.just(IdentifierKind.EMAIL),
        st.from_regex(r" ?[a-zA-Z0-9.+-]{1,20}@[a-zA-Z0-9]{1,10}\.(com|CO)", fullmatch=True),
    ),
    st.tuples(st.just(IdentifierKind.PHONE), st.sampled_from(["+14155550123", "+49 30 901820"])),
    st.tuples(st.just(IdentifierKind.ANONYMOUS), IDS),
)
AMOUNTS = st.one_of(
    st.just((None, None)), st.tuples(NUMBERS, st.sampled_from([None, "USD", "eur"]))
)
ULIDS = st.from_regex(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", fullmatch=True)
MOMENTS = st.datetimes(
    datetime(2000, 1, 2),  # noqa: DTZ001  # Hypothesis adds the zone
    datetime(2026, 4, 2),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    """Draw an event: plain enough for every dialect, or as free as the freest."""
    kind, customer = draw(CUSTOMERS)
    values = draw(st.sampled_from([TEXTS, SCALARS, NESTED]))
    value, currency = draw(AMOUNTS)
    return Telling(
        name=draw(SNAKE_CASE | NAMES),
        kind=kind,
        customer=customer,
        properties=draw(st.dictionaries(SNAKE_CASE | PROPERTY_NAMES, values, max_size=4)),
        extra=draw(st.none() | NESTED),
        value=value,
        currency=currency,
        at=draw(MOMENTS),
        unique_id=draw(ULIDS),
    )


PLAIN = Telling(
    name="order_shipped",
    kind=IdentifierKind.ID,
    customer="c-1",
    properties={"plan": "basic", "property.subproperty": "1"},
    extra=None,
    value=None,
    currency=None,
    at=datetime(2026, 4, 1, 12, tzinfo=UTC),
    unique_id="01HB4HBDKTFWYZCK01DMRSWRFD",
)
RICH = replace(
    PLAIN,
    name="Order Shipped",
    properties={"tags": ["a", {"b": None}], "gift": False, "size": Decimal("4.50"), "none": 0},
    extra={"raw": [0, ""]},
    value=Decimal("149.99"),
    currency="usd",
)


def heard(telling: Telling) -> dict[str, Event]:
    """Return the event by each dialect that can say it, the way it came apart."""
    return {
        name: replace(
            event,
            source="any",
            unique_scope="any",
            unique_rule=UniqueRule.FIRST,
            identifiers=list(event.identifiers),
        )
        for name, dialect in DIALECTS.items()
        if dialect.has_words_for(telling)
        for event in [dialect.tell(telling)]
    }


@given(tellings())
def test_whatever_is_told_is_the_same_event_in_every_dialect(telling: Telling) -> None:
    events = heard(telling)
    assert len(events) > 1
    first = next(iter(events.values()))
    for dialect, event in events.items():
        assert event == first, dialect
    assert first.event_name == telling.name.strip()
    assert first.event_timestamp == telling.at
    assert first.unique_id == telling.unique_id
    assert [one.kind for one in first.identifiers] == [telling.kind]
    assert first.value == telling.value


def test_what_is_plain_can_be_said_in_every_dialect() -> None:
    events = heard(PLAIN)
    assert events.keys() == DIALECTS.keys()
    assert {format_timestamp(event.event_timestamp) for event in events.values()} == {
        "2026-04-01T12:00:00Z"
    }
    assert {repr(event.data) for event in events.values()} == {
        "{'plan': 'basic', 'property.subproperty': '1'}"
    }


def test_what_is_rich_can_be_said_wherever_properties_are_free() -> None:
    events = heard(RICH)
    assert events.keys() == DIALECTS.keys() - {"Track v1, form", "Yotpo", "CSV"}
    for event in events.values():
        assert (event.store_id, event.event_id, event.received_at) == (STORE, EVENT_ID, NOW)
        assert (event.value, event.value_currency) == (Decimal("149.99"), "USD")
        assert event.extra == {"raw": [0, ""]}
        assert event.data == {
            "tags": ["a", {"b": None}],
            "gift": False,
            "size": Decimal("4.50"),
            "value": Decimal("149.99"),
            "currency": "usd",
        }


@pytest.mark.parametrize(
    ("kind", "silent"),
    [
        (IdentifierKind.ID, set()),
        (IdentifierKind.EMAIL, set()),
        (IdentifierKind.PHONE, {"Track v1, JSON", "Track v1, form", "Pipelines", "CSV"}),
        (IdentifierKind.ANONYMOUS, {"Redo", "Track v2", "Yotpo", "CSV"}),
    ],
)
def test_some_dialects_have_no_word_for_some_identifiers(
    kind: IdentifierKind, silent: set[str]
) -> None:
    values = {IdentifierKind.EMAIL: "jane@example.com", IdentifierKind.PHONE: "+14155550123"}
    told = replace(PLAIN, kind=kind, customer=values.get(kind, "c-1"))
    assert heard(told).keys() == DIALECTS.keys() - silent
