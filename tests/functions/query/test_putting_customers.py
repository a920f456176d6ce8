from typing import Any

import pytest

from footfall.http.routes import FIND_CUSTOMER, PUT_CUSTOMER
from footfall.settings import Setting
from tests.aws_calls import Killed, recorded_calls
from tests.builders import JANE, deliver, email, message, phone, purchase
from tests.functions.query.calls import Answer, Caller
from tests.moto_cloud import all_items

CALLER = Caller()
WHOLE = {
    "email": "jane@example.com",
    "firstName": "Jane",
    "lastName": "Thompson",
    "phoneNumber": "+14155550123",
    "location": {"city": "Seattle", "countryCode": "US", "latitude": 47},
    "customFields": {"Loyalty Tier": "Gold", "Age": 25, "Accepts Marketing": False},
}


def put(**body: Any) -> Answer:  # noqa: ANN401  # JSON
    return CALLER.call(PUT_CUSTOMER, body=body)


def shown(**query: str) -> dict[str, Any]:
    answer = CALLER.call(FIND_CUSTOMER, query=query or {"email": "jane@example.com"})
    assert answer.status == 200, answer
    return dict(answer.body)


def test_a_new_customer_is_created_with_all_its_fields() -> None:
    answer = put(**WHOLE)

    assert answer.status == 201
    assert answer.body == {
        "id": answer.body["id"],
        "email": "jane@example.com",
        "created": True,
    }
    customer = shown()
    assert customer["createdAt"] == customer["updatedAt"]
    assert {name: customer[name] for name in WHOLE} == WHOLE


def test_putting_again_changes_what_it_names_and_nothing_else() -> None:
    first = put(**WHOLE)
    second = put(email="Jane@Example.com", firstName="Janet", customFields={"Age": 26})

    assert second.status == 200
    assert second.body == {**first.body, "created": False}
    customer = shown()
    assert customer["firstName"] == "Janet"
    assert customer["lastName"] == "Thompson"
    assert customer["customFields"] == {**WHOLE["customFields"], "Age": 26}  # type: ignore[dict-item]
    assert customer["createdAt"] < customer["updatedAt"]


def test_it_changes_the_customer_that_events_made() -> None:
    deliver(message(purchase(1, JANE, profile={"firstName": "Jane"})))
    customer_id = shown()["id"]

    answer = put(email="jane@example.com", firstName="Janet")

    assert (answer.status, answer.body["id"]) == (200, customer_id)
    assert shown()["firstName"] == "Janet"


def test_a_free_number_is_taken_and_finds_the_customer() -> None:
    put(email="jane@example.com")
    put(email="jane@example.com", phoneNumber="+14155550123")

    assert shown(phoneNumber="+14155550123") == shown()


def test_a_number_that_another_customer_holds_is_left_alone() -> None:
    deliver(message(purchase(1, phone("+14155550123"), profile={"phoneNumber": "+14155550123"})))
    holder = shown(phoneNumber="+14155550123")

    answer = put(email="jane@example.com", phoneNumber="+14155550123", firstName="Jane")

    assert answer.status == 201
    assert answer.body["id"] != holder["id"]
    assert shown(phoneNumber="+14155550123") == holder
    assert "phoneNumber" not in shown()
    assert shown()["firstName"] == "Jane"


def test_unset_custom_fields_are_not_stored() -> None:
    put(email="jane@example.com", customFields={"a": 0, "b": "", "c": None, "d": False})

    assert shown()["customFields"] == {"d": False}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/email"]),
        ({"email": None}, ["/email"]),
        ({"email": "jane"}, ["/email"]),
        ({"email": "jane@example.com", "id": "7"}, ["/id"]),
        ({"email": "jane@example.com", "plan": "gold"}, ["/plan"]),
        ({"email": "jane@example.com", "location": {"planet": "Mars"}}, ["/location/planet"]),
        ({"email": "jane@example.com", "customFields": {"a/b": []}}, ["/customFields/a~1b"]),
        ({"phoneNumber": "1", "firstName": 1}, ["/firstName", "/email", "/phoneNumber"]),
    ],
)
def test_every_fault_of_the_body_is_named(body: dict[str, Any], pointers: list[str]) -> None:
    answer = put(**body)

    assert answer.status == 400
    assert sorted(fault["pointer"] for fault in answer.body["errors"]) == sorted(pointers)
    assert all_items(Setting.CUSTOMERS_TABLE) == []


def test_a_body_that_is_no_object_is_a_bad_request() -> None:
    assert CALLER.call(PUT_CUSTOMER, body=[WHOLE]).status == 400
    assert CALLER.call(PUT_CUSTOMER).status == 400


def test_another_media_type_is_refused() -> None:
    headers = {"Content-Type": "text/plain"}
    assert CALLER.call(PUT_CUSTOMER, body=WHOLE, headers=headers).status == 415


def test_a_call_that_died_can_be_repeated() -> None:
    deliver(message(purchase(1, email("john@example.com"))))
    with recorded_calls() as calls:
        put(**{**WHOLE, "email": "first@example.com", "phoneNumber": "+14155550100"})

    for die_after in range(1, len(calls)):
        address, number = f"jane{die_after}@example.com", f"+141555502{die_after:02}"
        body = {**WHOLE, "email": address, "phoneNumber": number}
        with pytest.raises(Killed), recorded_calls(die_after=die_after):
            put(**body)
        assert put(**body).status in {200, 201}
        customer = shown(email=address)
        assert {name: customer[name] for name in WHOLE} == body
        assert shown(phoneNumber=number) == customer
