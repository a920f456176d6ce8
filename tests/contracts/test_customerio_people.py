"""What the attributes of a person say, whichever of Customer.io's contracts brings them."""

from decimal import Decimal

import pytest

from footfall.contracts.customerio_people import named_fields, person
from tests.builders import anonymous, email, own_id, phone


def test_the_known_names_are_fields_and_the_others_are_custom() -> None:
    about = person(
        {
            "email": " Jane@Example.com",
            "phone": "+1 415 555 0123",
            "first_name": "Jane",
            "lastName": "Doe",
            "plan": "premium",
            "age": 7,
            "score": Decimal("0.5"),
            "is_member": False,
            "tags": ["a", "b"],
            "address": {"city": "Seattle"},
            "with.dots and spaces": 0,
        }
    )
    assert about.identifiers == [email("jane@example.com"), phone("+14155550123")]
    assert about.profile == {
        "email": "jane@example.com",
        "phoneNumber": "+14155550123",
        "firstName": "Jane",
        "lastName": "Doe",
        "customFields.plan": "premium",
        "customFields.age": 7,
        "customFields.score": Decimal("0.5"),
        "customFields.is_member": False,
        "customFields.tags": '["a","b"]',
        "customFields.address": '{"city":"Seattle"}',
        "customFields.with.dots and spaces": 0,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("phone", "555 0123"), ("phone", 14155550123), ("email", "jane"), ("first_name", 5)],
)
def test_what_does_not_fit_its_field_is_kept_under_its_own_name(name: str, value: object) -> None:
    about = person({name: value})  # type: ignore[dict-item]  # whatever comes
    assert about.identifiers == []
    assert about.profile == {f"customFields.{name}": value}


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_takes_the_value_away(nothing: str | None) -> None:
    about = person({"email": nothing, "first_name": nothing, "plan": nothing})
    assert about.identifiers == []
    assert about.profile == {
        "email": None,
        "customFields.email": None,
        "firstName": None,
        "customFields.first_name": None,
        "customFields.plan": None,
    }


def test_an_address_and_a_number_are_fields_of_the_profile_too() -> None:
    named = [own_id("5"), email("a@b.c"), email("d@e.f"), phone("+14155550123"), anonymous("x")]
    assert named_fields(named) == {"email": "a@b.c", "phoneNumber": "+14155550123"}
