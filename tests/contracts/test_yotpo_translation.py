"""What a custom event means: the event it becomes."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from footfall.domain.events import UniqueRule
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.values import JsonObject
from tests.contracts.redo_documents import OMIT
from tests.contracts.test_redo_translation import through_the_queue
from tests.contracts.yotpo_documents import NOW, document, event_of


def test_every_field_has_its_place() -> None:
    customer = {
        "external_id": " c-1 ",
        "email": " Jane@Example.COM",
        "phone_number": "+1 (415) 555-0123",
        "custom_properties": {"vip": True, "visits": 0, "nickname": "", "size": Decimal("4.5")},
    }
    properties = {"score": 7, "passed": False, "wrong": 0, "note": "", "at": "2026-04-02T12:00:00Z"}
    event = event_of(document({"customer": customer, "properties": properties}))
    assert event.event_name == "quiz_completed"
    assert event.event_timestamp == datetime(2026, 4, 2, 12, tzinfo=UTC)
    assert event.received_at == NOW
    assert event.source == "yotpo"
    assert event.identifiers == [
        Identifier(IdentifierKind.ID, "c-1"),
        Identifier(IdentifierKind.EMAIL, "jane@example.com"),
        Identifier(IdentifierKind.PHONE, "+14155550123"),
    ]
    assert event.profile == {
        "email": "jane@example.com",
        "phoneNumber": "+14155550123",
        "customFields.vip": True,
        "customFields.visits": 0,
        "customFields.nickname": None,
        "customFields.size": Decimal("4.5"),
    }
    assert event.data == {"score": 7, "passed": False, "at": "2026-04-02T12:00:00Z"}
    assert event.extra == {"source": "quiz_app"}
    assert (event.value, event.value_currency) == (None, None)


def test_it_replaces_the_event_of_the_same_id_among_those_of_yotpo() -> None:
    event = event_of(document())
    assert (event.unique_id, event.unique_scope) == ("7f0c", "yotpo")
    assert event.unique_rule is UniqueRule.LAST


def test_what_is_left_out_has_its_default() -> None:
    omitted = dict.fromkeys(("source", "occurred_at", "properties"), OMIT)
    event = event_of(document({**omitted, "customer": {"email": "jane@example.com"}}))
    assert event.event_timestamp == NOW
    assert (event.data, event.extra) == ({}, None)
    assert event.profile == {"email": "jane@example.com"}


@pytest.mark.parametrize(
    ("properties", "value", "currency"),
    [
        ({"value": 5}, 5, None),
        ({"value": Decimal("5.50"), "currency": "eur"}, Decimal("5.50"), "EUR"),
        ({"value": 5, "value_currency": "USD"}, 5, "USD"),
        ({"value": 5, "currency": "credits", "value_currency": "USD"}, 5, "USD"),
        ({"value": 5, "currency": 840}, 5, None),
        ({"value": "5", "currency": "USD"}, None, None),
        ({"value": True}, None, None),
        ({"currency": "USD"}, None, None),
    ],
)
def test_a_number_called_value_is_what_the_event_is_worth(
    properties: JsonObject, value: Decimal | None, currency: str | None
) -> None:
    event = event_of(document({"properties": properties}))
    assert (event.value, event.value_currency) == (value, currency)
    assert event.data == properties


def test_it_comes_out_of_the_queue_as_it_went_in() -> None:
    customer = {"external_id": "c-1", "custom_properties": {"gone": "", "size": Decimal("4.50")}}
    event = event_of(document({"customer": customer}))
    assert through_the_queue(event) == event
