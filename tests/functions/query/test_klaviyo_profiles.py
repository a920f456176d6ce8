"""Klaviyo's profiles: found by what names them, walked to the last, in Klaviyo's shape."""

from datetime import timedelta
from decimal import Decimal

import pytest

from footfall.http.klaviyo_routes import GET_PROFILE, LIST_PROFILES
from footfall.http.routes import FIND_CUSTOMER
from tests.builders import JANE, NOON, deliver, email, message, own_id, phone, purchase
from tests.functions.query.calls import Caller
from tests.functions.query.klaviyo_calls import HOST, found, get, ids, pages, refused_parameter

NUMBER = "+14155550123"


def the_id(**query: str) -> str:
    return str(Caller().call(FIND_CUSTOMER, query=query).body["id"])


def test_a_profile_is_shown_in_klaviyos_shape() -> None:
    deliver(
        message(
            purchase(
                1,
                JANE,
                phone(NUMBER),
                profile={
                    "firstName": "Jane",
                    "phoneNumber": NUMBER,
                    "location.city": "Seattle",
                    "location.state": "WA",
                    "location.latitude": Decimal("47.6062"),
                    "customFields.title": 5,
                    "customFields.ip": "127.0.0.1",
                    "customFields.Plan": "trial",
                    "customFields.a.b": False,
                },
            )
        )
    )
    customer_id = the_id(email="jane@example.com")

    document = found(GET_PROFILE, profileId=customer_id)

    heard = (NOON + timedelta(hours=1, minutes=1)).isoformat()
    link = {"self": f"{HOST}/api/profiles/{customer_id}"}
    assert document == {
        "data": {
            "type": "profile",
            "id": customer_id,
            "attributes": {
                "email": "jane@example.com",
                "phone_number": NUMBER,
                "external_id": None,
                "first_name": "Jane",
                "last_name": None,
                "organization": None,
                "title": "5",
                "locale": None,
                "image": None,
                "created": heard,
                "updated": heard,
                "last_event_date": None,
                "location": {
                    "address1": None,
                    "address2": None,
                    "city": "Seattle",
                    "region": "WA",
                    "zip": None,
                    "country": None,
                    "timezone": None,
                    "latitude": Decimal("47.6062"),
                    "longitude": None,
                    "ip": "127.0.0.1",
                },
                "properties": {"Plan": "trial", "a.b": False},
            },
            "links": link,
        },
        "links": link,
    }


def test_whatever_names_a_profile_finds_it() -> None:
    deliver(message(purchase(1, own_id("crm-7"), JANE, phone(NUMBER))))
    deliver(message(purchase(2, email("john@example.com"))))
    jane, john = the_id(email="jane@example.com"), the_id(email="john@example.com")

    for text in (
        'equals(email,"Jane@Example.com")',
        f"equals(phone_number,'{NUMBER}')",
        'equals(external_id,"crm-7")',
        f'equals(id,"{jane}")',
        'any(email,["jane@example.com","nobody@example.com","none"])',
    ):
        document = found(LIST_PROFILES, {"filter": text})
        assert ids(document) == [jane]
        assert document["links"]["next"] is None
    both = found(LIST_PROFILES, {"filter": f'any(id,["{john}","{jane}","{jane}"])'})
    assert ids(both) == sorted([jane, john])


def test_the_clients_own_id_is_shown_where_it_was_asked_for() -> None:
    deliver(message(purchase(1, own_id("crm-7"), JANE)))
    (profile,) = found(LIST_PROFILES, {"filter": 'equals(external_id,"crm-7")'})["data"]
    assert profile["attributes"]["external_id"] == "crm-7"


@pytest.mark.parametrize(
    "text",
    [
        'equals(email,"nobody@example.com")',
        'equals(email,"none")',
        'equals(id,"")',
        f'equals(id,"{"x" * 300}")',
    ],
)
def test_nobody_is_an_empty_list(text: str) -> None:
    assert found(LIST_PROFILES, {"filter": text})["data"] == []


def test_an_unknown_profile_is_404() -> None:
    for unknown in ("unknown", "x" * 300, "a/b"):
        answer = get(GET_PROFILE, profileId=unknown)
        assert answer.status == 404
        assert answer.body["errors"][0]["code"] == "not_found"


@pytest.mark.parametrize("size", [1, 7, 25, 100])
def test_all_profiles_are_walked_each_once(size: int) -> None:
    people = [email(f"{number}@example.com") for number in range(25)]
    deliver(*(message(purchase(number, one)) for number, one in enumerate(people)))

    walked = list(pages(LIST_PROFILES, {"page[size]": str(size)}))

    assert [len(page["data"]) for page in walked[:-1]] == [size] * (len(walked) - 1)
    listed = [one for page in walked for one in ids(page)]
    assert listed == sorted(the_id(email=one.value) for one in people)


def test_the_profiles_that_a_filter_names_come_in_pages_too() -> None:
    people = [email(f"{number}@example.com") for number in range(5)]
    deliver(*(message(purchase(number, one)) for number, one in enumerate(people)))
    addresses = ",".join(f'"{one.value}"' for one in people)
    walked = list(pages(LIST_PROFILES, {"filter": f"any(email,[{addresses}])", "page[size]": "2"}))
    assert [len(page["data"]) for page in walked] == [2, 2, 1]
    assert len({one for page in walked for one in ids(page)}) == 5


def test_only_the_fields_that_are_asked_for_are_shown() -> None:
    deliver(
        message(
            purchase(
                1,
                profile={"firstName": "Jane", "location.city": "Boston", "customFields.Plan": "x"},
            )
        )
    )
    query = {"fields[profile]": "first_name,location.city,properties.Plan,properties.None,unknown"}
    (profile,) = found(LIST_PROFILES, query)["data"]
    assert profile["attributes"] == {
        "first_name": "Jane",
        "location": {"city": "Boston"},
        "properties": {"Plan": "x"},
    }


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"filter": "nonsense"}, "filter"),
        ({"filter": 'equals(first_name,"Jane")'}, "filter"),
        ({"filter": "greater-than(created,2024-01-01)"}, "filter"),
        ({"filter": "equals(email)"}, "filter"),
        ({"filter": 'equals(email,["a","b"])'}, "filter"),
        ({"filter": 'equals(email,"a"),equals(id,"b")'}, "filter"),
        ({"filter": f"any(id,[{','.join(['1'] * 101)}])"}, "filter"),
        ({"page[size]": "0"}, "page[size]"),
        ({"page[size]": "101"}, "page[size]"),
        ({"page[size]": "ten"}, "page[size]"),
        ({"page[cursor]": "!"}, "page[cursor]"),
        ({"page[cursor]": "eHl6"}, "page[cursor]"),
        ({"page[cursor]": "https://example.com/api/profiles"}, "page[cursor]"),
        ({"sort": "-created"}, "sort"),
        ({"include": "lists"}, "include"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(query: dict[str, str], parameter: str) -> None:
    assert refused_parameter(LIST_PROFILES, query) == parameter


def test_a_refused_filter_is_told_which_are_offered() -> None:
    answer = get(LIST_PROFILES, {"filter": 'equals(first_name,"Jane")'})
    detail = answer.body["errors"][0]["detail"]
    assert all(field in detail for field in ("id", "email", "phone_number", "external_id"))
