"""Whoever was merged keeps answering, as the customer that they have become; the deleted do not."""

import pytest

from footfall.aws.identities import read_identities
from footfall.http.routes import (
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_EVENT_STATUS,
    LIST_CUSTOMER_EVENTS,
    LIST_CUSTOMER_SEGMENTS,
    PREVIEW_SEGMENT,
    PUT_CUSTOMER,
)
from footfall.settings import Setting
from tests.builders import JANE, STORE, anonymous, deliver, email, message, own_id, purchase
from tests.functions.query.calls import Caller
from tests.merging_people import deletion, merge, said_by
from tests.moto_cloud import all_items

CALLER = Caller()
OLD, NEW, BROWSER = own_id("old"), own_id("new"), anonymous("browser")


def tell(*instructions: object) -> None:
    assert deliver(*(message(one) for one in instructions)) == []  # type: ignore[arg-type]


@pytest.fixture
def merged() -> tuple[str, str]:
    """Return the id of a merged customer, and of the one that it has become."""
    tell(
        said_by(1, OLD, unique_id="order-1", profile={"firstName": "Jane"}),
        said_by(2, NEW, unique_id="order-2", profile={"lastName": "Doe"}),
    )
    ids = read_identities(STORE, [OLD, NEW])
    tell(merge(3, NEW, OLD))
    return ids[OLD], ids[NEW]


@pytest.mark.parametrize("named", ["old", "new"])
def test_every_name_leads_to_the_one_who_is_left(named: str, merged: tuple[str, str]) -> None:
    for name in (named, *merged):
        customer = CALLER.call(GET_CUSTOMER, customerId=name)
        assert customer.status == 200
        assert customer.body["id"] == merged[1]
        assert (customer.body["firstName"], customer.body["lastName"]) == ("Jane", "Doe")
        assert CALLER.call(FIND_CUSTOMER, query={"id": name}).body == customer.body
        events = CALLER.call(LIST_CUSTOMER_EVENTS, customerId=name).body["events"]
        assert [event["uniqueId"] for event in events] == ["order-2", "order-1"]
        assert CALLER.call(LIST_CUSTOMER_SEGMENTS, customerId=name).status == 200


def test_the_fate_of_a_moved_event_names_the_one_who_is_left(merged: tuple[str, str]) -> None:
    answer = CALLER.call(GET_EVENT_STATUS, uniqueId="order-1").body

    assert (answer["status"], answer["customerId"]) == ("stored", merged[1])


def test_a_preview_counts_the_joined_history(merged: tuple[str, str]) -> None:
    definition = {"event": "purchase_completed", "count": {"gte": 2}}
    answer = CALLER.call(
        PREVIEW_SEGMENT, body={"definition": definition, "customerIds": ["old", merged[0]]}
    )

    assert [(one["id"], one["member"]) for one in answer.body["customers"]] == [
        (merged[1], True),
        (merged[1], True),
    ]


def test_a_put_follows_to_the_one_who_is_left() -> None:
    CALLER.call(PUT_CUSTOMER, body={"email": JANE.value, "firstName": "Jane"})
    tell(said_by(1, NEW))
    jane, new = read_identities(STORE, [JANE, NEW]).values()
    tell(merge(2, NEW, JANE))

    answer = CALLER.call(PUT_CUSTOMER, body={"email": JANE.value, "lastName": "Doe"})

    assert (answer.status, answer.body["id"]) == (200, new)
    customer = CALLER.call(GET_CUSTOMER, customerId=jane).body
    assert (customer["firstName"], customer["lastName"]) == ("Jane", "Doe")


def test_nothing_is_left_of_who_was_deleted_and_the_address_is_free() -> None:
    tell(purchase(1, JANE, OLD, unique_id="order-1", data={"note": "x" * 90_000}))
    old = CALLER.call(FIND_CUSTOMER, query={"id": "old"}).body["id"]

    tell(deletion(2, JANE))

    for name in (old, "old"):
        assert CALLER.call(GET_CUSTOMER, customerId=name).status == 404
        assert CALLER.call(LIST_CUSTOMER_EVENTS, customerId=name).status == 404
    assert CALLER.call(FIND_CUSTOMER, query={"email": JANE.value}).status == 404
    assert CALLER.call(GET_EVENT_STATUS, uniqueId="order-1").status == 404
    assert all_items(Setting.EVENTS_TABLE) == []

    created = CALLER.call(PUT_CUSTOMER, body={"email": JANE.value})
    assert (created.status, created.body["created"]) == (201, True)
    assert created.body["id"] != old
    tell(said_by(3, JANE))
    assert CALLER.call(FIND_CUSTOMER, query={"email": JANE.value}).body["id"] == created.body["id"]


def test_who_is_deleted_as_merged_is_gone_under_every_name(merged: tuple[str, str]) -> None:
    tell(deletion(9, OLD))

    for name in ("old", "new", *merged):
        assert CALLER.call(GET_CUSTOMER, customerId=name).status == 404


def test_a_deletion_of_nobody_does_nothing() -> None:
    tell(deletion(1, JANE))

    assert not any(all_items(table) for table in (Setting.CUSTOMERS_TABLE, Setting.EVENTS_TABLE))


def test_what_was_accepted_before_a_deletion_is_dropped_and_what_comes_after_is_new() -> None:
    tell(said_by(1, NEW), deletion(5, NEW))
    tell(said_by(4, NEW))
    assert CALLER.call(GET_CUSTOMER, customerId="new").status == 404

    tell(said_by(6, NEW))
    tell(said_by(3, NEW), deletion(5, NEW))

    events = CALLER.call(LIST_CUSTOMER_EVENTS, customerId="new").body["events"]
    assert [event["eventId"][-1] for event in events] == ["6"]


def test_a_deletion_waits_for_what_was_accepted_before_it_in_the_same_batch() -> None:
    tell(deletion(5, NEW), said_by(6, NEW), said_by(4, NEW))

    events = CALLER.call(LIST_CUSTOMER_EVENTS, customerId="new").body["events"]
    assert [event["eventId"][-1] for event in events] == ["6"]


def test_who_was_anonymous_is_deleted_with_the_person() -> None:
    tell(said_by(1, BROWSER), said_by(2, NEW), said_by(3, NEW, BROWSER))

    tell(deletion(4, NEW))

    assert all_items(Setting.EVENTS_TABLE) == []
    tell(said_by(5, BROWSER), said_by(6, email("john@example.com"), BROWSER))
    assert len(all_items(Setting.EVENTS_TABLE)) == 2
    assert len({item["pk"] for item in all_items(Setting.EVENTS_TABLE)}) == 1
