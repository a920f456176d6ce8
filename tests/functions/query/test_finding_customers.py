from datetime import timedelta
from decimal import Decimal

import pytest

from footfall.domain.timestamps import format_timestamp
from footfall.http.routes import FIND_CUSTOMER, GET_CUSTOMER
from tests.builders import JANE, NOON, deliver, email, message, own_id, phone, purchase
from tests.functions.query.calls import Caller

CALLER = Caller()


def the_id(**query: str) -> str:
    answer = CALLER.call(FIND_CUSTOMER, query=query)
    assert answer.status == 200, answer
    return str(answer.body["id"])


def test_a_customer_is_shown_in_redos_shape() -> None:
    deliver(
        message(
            purchase(
                1,
                JANE,
                phone("+14155550123"),
                profile={
                    "firstName": "Jane",
                    "phoneNumber": "+14155550123",
                    "location.city": "Seattle",
                    "location.latitude": Decimal("47.6062"),
                    "customFields.Loyalty Tier": "Gold",
                    "customFields.a.b": False,
                },
            )
        )
    )

    answer = CALLER.call(FIND_CUSTOMER, query={"email": "jane@example.com"})

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body == {
        "id": answer.body["id"],
        "email": "jane@example.com",
        "firstName": "Jane",
        "phoneNumber": "+14155550123",
        "location": {"city": "Seattle", "latitude": Decimal("47.6062")},
        "customFields": {"Loyalty Tier": "Gold", "a.b": False},
        "createdAt": format_timestamp(NOON + timedelta(hours=1, minutes=1)),
        "updatedAt": format_timestamp(NOON + timedelta(hours=1, minutes=1)),
    }


def test_updated_is_when_the_profile_last_took_another_value() -> None:
    deliver(message(purchase(1), purchase(300, profile={"firstName": "Jane"}), purchase(400)))

    answer = CALLER.call(FIND_CUSTOMER, query={"email": "jane@example.com"})

    assert answer.body["createdAt"] == format_timestamp(NOON + timedelta(hours=1, minutes=1))
    assert answer.body["updatedAt"] == format_timestamp(NOON + timedelta(minutes=300))


def test_a_customer_of_whom_nothing_else_is_known_has_an_id_and_instants() -> None:
    deliver(message(purchase(1, own_id("crm-7"))))

    answer = CALLER.call(FIND_CUSTOMER, query={"id": "crm-7"})

    assert set(answer.body) == {"id", "createdAt", "updatedAt"}


def test_whatever_names_a_customer_finds_it() -> None:
    deliver(message(purchase(1, own_id("crm-7"), JANE, phone("+14155550123"))))
    deliver(message(purchase(2, email("john@example.com"))))

    customer_id = the_id(email="jane@example.com")

    assert the_id(email=" Jane@Example.COM ") == customer_id
    assert the_id(phoneNumber="+14155550123") == customer_id
    assert the_id(phoneNumber="+1 (415) 555-0123") == customer_id
    assert the_id(id="crm-7") == customer_id
    assert the_id(id=customer_id) == customer_id
    assert the_id(email="john@example.com") != customer_id
    for name in (customer_id, "crm-7"):
        assert CALLER.call(GET_CUSTOMER, customerId=name).body["id"] == customer_id


@pytest.mark.parametrize("name", ["crm#7/a b?é%2F", "#", "x" * 255, "é" * 255])
def test_the_clients_own_id_may_be_any_text(name: str) -> None:
    deliver(message(purchase(1, own_id(name), JANE)))

    assert CALLER.call(GET_CUSTOMER, customerId=name).status == 200
    assert CALLER.call(FIND_CUSTOMER, query={"id": name}).status == 200


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"mail": "jane@example.com"},
        {"email": "jane@example.com", "id": "crm-7"},
        {"email": "jane@example.com", "phoneNumber": "+14155550123"},
        {"email": ""},
        {"email": "jane"},
        {"phoneNumber": "555"},
        {"phoneNumber": " 14155550123"},
        {"id": ""},
        {"id": " "},
    ],
)
def test_a_search_that_is_none_is_a_bad_request(query: dict[str, str]) -> None:
    answer = CALLER.call(FIND_CUSTOMER, query=query)

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(answer.body) == {"type", "title", "status", "detail", "instance"}


@pytest.mark.parametrize(
    "query",
    [
        {"email": "john@example.com"},
        {"phoneNumber": "+14155550199"},
        {"id": "crm-8"},
        {"id": "x" * 5_000},
    ],
)
def test_an_unknown_customer_is_not_found(query: dict[str, str]) -> None:
    deliver(message(purchase(1, own_id("crm-7"), JANE)))

    answer = CALLER.call(FIND_CUSTOMER, query=query)

    assert (answer.status, answer.body["title"]) == (404, "Not Found")


@pytest.mark.parametrize("name", ["unknown", "a#b", "x" * 5_000])
def test_an_unknown_customer_of_a_path_is_not_found(name: str) -> None:
    assert CALLER.call(GET_CUSTOMER, customerId=name).status == 404
