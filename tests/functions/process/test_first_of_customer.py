"""Unique ids of a customer's own: the first event of an id and a name is kept, for each of them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from footfall.aws.keys import customer_scope
from footfall.aws.unique_ids import claim_for_new_owner, read_marker
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, Killed, around_every_call, recorded_calls, write_units
from tests.builders import (
    JANE,
    STORE,
    deliver,
    email,
    first_of_customer,
    message,
    own_id,
    phone,
    purchase,
)
from tests.moto_cloud import MAX_RECEIVES, all_items

pytestmark = pytest.mark.usefixtures("cloud")

JOHN = email("john@example.com")
PHONE = phone("+14155550123")


def _order(number: int, *identifiers: Identifier, unique_id: str = "order-1") -> Event:
    return first_of_customer(purchase(number, *identifiers, unique_id=unique_id))


def _numbers() -> list[int]:
    return sorted(int(str(item["sk"])[-12:]) for item in all_items(Setting.EVENTS_TABLE))


def _customer_of(identifier: Identifier) -> str:
    (holder,) = {
        str(item["customer_id"])
        for item in all_items(Setting.IDENTITIES_TABLE)
        if str(item["pk"]).endswith(identifier.value)
    }
    return holder


def test_the_first_of_a_customer_is_kept() -> None:
    assert deliver(message(_order(1), _order(2))) == []
    assert deliver(message(_order(3))) == []

    assert _numbers() == [1]


def test_customers_and_names_have_unique_ids_of_their_own() -> None:
    deliver(message(_order(1, JANE), _order(2, JOHN), replace(_order(3, JANE), event_name="a#/b")))

    assert _numbers() == [1, 2, 3]


def test_a_duplicate_leaves_no_trace() -> None:
    deliver(message(_order(1, JANE)))
    deliver(message(_order(2, JANE, PHONE)))

    assert len(all_items(Setting.IDENTITIES_TABLE)) == 1
    assert len(all_items(Setting.CUSTOMERS_TABLE)) == 1


def test_it_remembers_its_rule() -> None:
    deliver(message(_order(1)))

    (item,) = all_items(Setting.EVENTS_TABLE)
    assert (item["unique_scope"], item["unique_rule"]) == ("klaviyo", "first_of_customer")


def test_it_costs_no_more_than_any_unique_id() -> None:
    deliver(message(purchase(1)))

    with recorded_calls() as calls:
        deliver(message(_order(2)))

    assert write_units(calls) == 2
    assert "GetItem" not in {operation for operation, _ in calls}


def test_it_is_a_duplicate_of_the_customer_that_won() -> None:
    def be_faster(carry_out: CarryOut, call: Call) -> object:
        if call[0] == "TransactWriteItems" and faster:
            deliver(faster.pop())
        return carry_out()

    faster = [message(_order(1, JANE))]
    with around_every_call(be_faster):
        assert deliver(message(_order(2, JANE, PHONE))) == []

    assert _numbers() == [1]
    assert len(all_items(Setting.UNIQUE_IDS_TABLE)) == 1
    assert len(all_items(Setting.CUSTOMERS_TABLE)) == 1


def test_a_crash_never_leaves_the_marker_in_the_scope_of_another_customer() -> None:
    """The e-mail is Jane's; while her event is placed, its id becomes John's: it is his event."""
    deliver(message(purchase(1, JANE)))
    event = message(_order(3, own_id("c-1"), JANE))

    def take_the_id_and_die(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation == "PutItem" and "#id#c-1" in str(parameters) and faster:
            deliver(faster.pop())
            return carry_out()
        answer = carry_out()
        if operation == "PutItem" and parameters["TableName"] == Setting.UNIQUE_IDS_TABLE:
            raise Killed
        return answer

    faster = [message(purchase(2, own_id("c-1"), JOHN))]
    with pytest.raises(Killed), around_every_call(take_the_id_and_die):
        deliver(event)
    deliver(event)
    deliver(message(_order(4, JANE)))

    assert _numbers() == [1, 2, 3, 4]


def test_an_event_that_no_table_takes_leaves_its_id_to_the_next() -> None:
    dead = replace(_order(1), data={"n": Decimal("1E+200")})
    assert deliver(message(dead)) == []
    marker = read_marker(
        STORE, customer_scope("klaviyo", _customer_of(JANE), dead.event_name), "order-1"
    )
    assert marker is not None
    assert str(marker.dead_reason).startswith("a value cannot be stored")

    deliver(message(_order(2)))

    assert _numbers() == [2]


def test_an_event_that_died_before_its_customer_was_known_is_noted_nowhere() -> None:
    def fail(carry_out: CarryOut, call: Call) -> object:
        if call[0] == "BatchGetItem":
            raise ClientError({"Error": {"Code": "InternalServerError"}}, "BatchGetItem")
        return carry_out()

    with around_every_call(fail):
        deliver(message(_order(1), deliveries=MAX_RECEIVES))

    assert all_items(Setting.UNIQUE_IDS_TABLE) == []


def test_a_customer_who_takes_an_event_over_takes_its_unique_id_over_too() -> None:
    deliver(message(_order(1, JANE)), message(purchase(2, JOHN)))
    (item,) = (one for one in all_items(Setting.EVENTS_TABLE) if "unique_id" in one)

    claim_for_new_owner(item, _customer_of(JOHN))
    claim_for_new_owner(item, _customer_of(JOHN))

    deliver(message(_order(3, JOHN)))
    assert _numbers() == [1, 2]


def test_a_unique_id_that_the_new_owner_has_stays_with_its_event() -> None:
    deliver(message(_order(1, JANE), _order(2, JOHN)))
    before = all_items(Setting.UNIQUE_IDS_TABLE)
    jane, john = _customer_of(JANE), _customer_of(JOHN)
    for item in all_items(Setting.EVENTS_TABLE):
        claim_for_new_owner(item, john if str(item["pk"]).endswith(jane) else jane)

    assert all_items(Setting.UNIQUE_IDS_TABLE) == before
