from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest

from footfall.domain.timestamps import format_timestamp
from footfall.http.paging import PAGE_NEXT_HEADER
from footfall.http.routes import FIND_CUSTOMER, LIST_CUSTOMER_EVENTS
from query import timeline
from tests.aws_calls import recorded_calls
from tests.builders import NOON, deliver, email, message, own_id, purchase
from tests.functions.query.calls import Caller

CALLER = Caller()
CUSTOMER = "crm-7"
MINE = own_id(CUSTOMER)


def walk(size: int = 500, **query: str) -> list[list[dict[str, Any]]]:
    return list(
        CALLER.pages(LIST_CUSTOMER_EVENTS, "events", size=size, query=query, customerId=CUSTOMER)
    )


def minutes(pages: Sequence[Sequence[dict[str, Any]]]) -> list[int]:
    """Return the numbers of the purchases, which are the minutes in which they happened."""
    return [int(event["eventId"][-12:]) for event in chain.from_iterable(pages)]


def at(minute: int) -> str:
    return format_timestamp(NOON + timedelta(minutes=minute))


def test_an_event_is_shown_with_the_fields_as_they_were_sent() -> None:
    event = purchase(
        1, MINE, unique_id="order-1", data={"Total Spent": Decimal("5000.10"), "list": [1, {}]}
    )
    deliver(message(replace(event, extra={"ids": [1, 0, None, ""]})))

    ((shown,),) = walk()

    assert shown == {
        "eventId": event.event_id,
        "eventName": "purchase_completed",
        "eventTimestamp": at(1),
        "receivedAt": at(61),
        "source": "redo",
        "data": {
            "Total Spent": Decimal("5000.10"),
            "list": [1, {}],
            "$extra": {"ids": [1, 0, None, ""]},
        },
        "value": Decimal("149.99"),
        "valueCurrency": "USD",
        "uniqueId": "order-1",
    }


def test_what_was_not_sent_is_not_shown() -> None:
    bare = replace(purchase(1, MINE), data={}, value=None, value_currency=None)
    deliver(message(bare))

    ((shown,),) = walk()

    assert set(shown) == {"eventId", "eventName", "eventTimestamp", "receivedAt", "source"}


def test_a_body_in_s3_is_fetched_back() -> None:
    data = {"text": "é" * 200_000}
    deliver(message(replace(purchase(1, MINE, data=data), extra=["x"])))

    ((shown,),) = walk()

    assert shown["data"] == {**data, "$extra": ["x"]}


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 500])
def test_pages_walk_every_event_once_newest_first(size: int) -> None:
    order = [3, 1, 7, 2, 6, 5, 4]
    deliver(message(*(purchase(number, MINE) for number in order)))
    deliver(message(purchase(8, email("john@example.com"))))

    pages = walk(size)

    assert minutes(pages) == [7, 6, 5, 4, 3, 2, 1]
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert pages[-1]


def test_events_of_the_same_instant_are_all_walked() -> None:
    deliver(message(*(purchase(number, MINE, minute=0) for number in range(1, 6))))

    assert minutes(walk(2)) == [5, 4, 3, 2, 1]


def test_a_page_has_twenty_events_when_no_size_is_asked_for() -> None:
    deliver(message(*(purchase(number, MINE) for number in range(1, 26))))

    answer = CALLER.call(LIST_CUSTOMER_EVENTS, customerId=CUSTOMER)

    assert len(answer.body["events"]) == 20
    assert PAGE_NEXT_HEADER in answer.headers


def test_a_page_reads_no_more_than_it_shows_and_one() -> None:
    deliver(message(*(purchase(number, MINE) for number in range(1, 26))))
    with recorded_calls() as calls:
        CALLER.call(LIST_CUSTOMER_EVENTS, customerId=CUSTOMER, headers={"X-Page-Size": "2"})

    (query,) = [parameters for operation, parameters in calls if operation == "Query"]
    assert query["Limit"] == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from": at(3)}, [6, 5, 4, 3]),
        ({"to": at(3)}, [2, 1]),
        ({"from": at(2), "to": at(4)}, [3, 2]),
        ({"from": "2026-04-02T14:02:00+02:00", "to": "2026-04-02T14:02:00.000001+02:00"}, [2]),
        ({"from": at(3), "to": at(3)}, []),
        ({"from": at(5), "to": at(2)}, []),
        ({"from": at(100)}, []),
        ({"to": "1990-01-01T00:00:00Z"}, []),
        ({"eventName": "viewed"}, [6, 4, 2]),
        ({"eventName": "Viewed"}, []),
        ({"eventName": ""}, []),
        ({"eventName": "viewed", "from": at(3), "to": at(6)}, [4]),
    ],
)
@pytest.mark.parametrize("size", [1, 500])
def test_filters(query: dict[str, str], expected: list[int], size: int) -> None:
    deliver(
        message(
            *(
                replace(purchase(number, MINE), event_name="bought" if number % 2 else "viewed")
                for number in range(1, 7)
            )
        )
    )

    assert minutes(walk(size, **query)) == expected


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("text", ["", "yesterday", "2026-04-02", "2026-04-02T12:00:00", "1"])
def test_a_bound_that_is_no_timestamp_is_a_bad_request(name: str, text: str) -> None:
    deliver(message(purchase(1, MINE)))

    answer = CALLER.call(LIST_CUSTOMER_EVENTS, query={name: text}, customerId=CUSTOMER)

    assert answer.status == 400
    assert f"`{name}`" in answer.body["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Page-Size": "0"},
        {"X-Page-Size": "501"},
        {"X-Page-Size": "many"},
        {"X-Page-Continue": "?"},
        {"X-Page-Continue": ""},
    ],
)
def test_a_page_that_is_none_is_a_bad_request(headers: dict[str, str]) -> None:
    deliver(message(purchase(1, MINE)))

    answer = CALLER.call(LIST_CUSTOMER_EVENTS, customerId=CUSTOMER, headers=headers)

    assert answer.status == 400


def test_an_unknown_customer_is_not_found() -> None:
    assert CALLER.call(LIST_CUSTOMER_EVENTS, customerId="nobody").status == 404


def test_a_customer_without_events_has_an_empty_timeline() -> None:
    deliver(message(purchase(1, MINE, email("jane@example.com"))))
    customer = CALLER.call(FIND_CUSTOMER, query={"email": "jane@example.com"}).body["id"]

    answer = CALLER.call(LIST_CUSTOMER_EVENTS, customerId=customer, query={"eventName": "none"})

    assert (answer.status, answer.body) == (200, {"events": []})


def test_a_page_ends_early_before_it_outgrows_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MAX_ANSWER_BYTES", 2_500)
    deliver(message(*(purchase(n, MINE, data={"text": "x" * 800}) for n in range(1, 8))))

    pages = walk(5)

    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert minutes(pages) == [7, 6, 5, 4, 3, 2, 1]


def test_an_event_larger_than_an_answer_is_shown_without_its_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timeline, "MAX_ANSWER_BYTES", 2_500)
    deliver(message(purchase(1, MINE, data={"quotes": '"' * 1_000}), purchase(2, MINE)))

    (page,) = walk()

    assert [event.get("dataOmitted", False) for event in page] == [False, True]
    assert "data" not in page[1]
