"""Promise 3: each accepted event is stored exactly once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest
from botocore.exceptions import ClientError

from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call, recorded_calls, write_units
from tests.builders import JANE, deliver, email, message, own_id, phone, purchase
from tests.moto_cloud import all_items

pytestmark = pytest.mark.usefixtures("cloud")


def test_an_event_lands_on_the_timeline_of_a_new_customer() -> None:
    assert deliver(message(purchase(1))) == []

    (event,) = all_items(Setting.EVENTS_TABLE)
    (customer,) = all_items(Setting.CUSTOMERS_TABLE)
    (identity,) = all_items(Setting.IDENTITIES_TABLE)
    assert event["pk"] == customer["pk"] == f"{event['pk']}"
    assert str(event["pk"]).endswith(str(identity["customer_id"]))
    assert event["event_name"] == "purchase_completed"
    assert event["value_currency"] == "USD"
    assert str(event["value"]) == "149.99"


def test_the_first_event_of_a_unique_id_is_kept() -> None:
    deliver(message(purchase(1, unique_id="order-1")))
    deliver(message(purchase(2, unique_id="order-1", minute=0)))

    (event,) = all_items(Setting.EVENTS_TABLE)
    assert str(event["sk"]).endswith("000000000001")


def test_the_first_of_two_in_one_message_is_kept() -> None:
    deliver(message(purchase(1, unique_id="order-1"), purchase(2, unique_id="order-1")))

    (event,) = all_items(Setting.EVENTS_TABLE)
    assert str(event["sk"]).endswith("000000000001")


def test_a_duplicate_leaves_no_trace_of_its_customer() -> None:
    deliver(message(purchase(1, unique_id="order-1")))
    deliver(message(purchase(2, email("john@example.com"), unique_id="order-1")))

    assert len(all_items(Setting.IDENTITIES_TABLE)) == 1
    assert len(all_items(Setting.CUSTOMERS_TABLE)) == 1


def test_a_unique_id_binds_one_store_only() -> None:
    deliver(message(purchase(1, unique_id="order-1")))
    deliver(message(purchase(2, unique_id="order-1", store_id="another-store")))

    assert len(all_items(Setting.EVENTS_TABLE)) == 2


def test_without_a_unique_id_every_event_is_new() -> None:
    deliver(message(purchase(1), purchase(2)))

    assert len(all_items(Setting.EVENTS_TABLE)) == 2


def test_the_same_message_twice_in_one_batch_is_stored_once() -> None:
    twice = message(purchase(1), purchase(2, unique_id="order-1"))

    assert deliver(twice, twice) == []
    assert len(all_items(Setting.EVENTS_TABLE)) == 2


def test_a_customer_is_as_old_as_the_first_reception_of_an_event() -> None:
    deliver(message(purchase(5, own_id("c-1"))))
    deliver(message(purchase(1, own_id("c-1"), minute=9)))

    profile: Any = all_items(Setting.CUSTOMERS_TABLE)[0]["profile"]
    assert profile["created_at"] == "2026-04-02T13:01:00Z"


def test_the_first_events_of_a_customer_are_stored_after_one_reading() -> None:
    with recorded_calls() as calls:
        deliver(message(*(purchase(n, profile={"firstName": f"Jane {n}"}) for n in (1, 3, 2))))

    assert [operation for operation, _ in calls] == [
        "BatchGetItem",
        "PutItem",
        "BatchWriteItem",
        "PutItem",
    ]
    (customer,) = all_items(Setting.CUSTOMERS_TABLE)
    profile: Any = customer["profile"]
    assert profile["created_at"] == "2026-04-02T13:01:00Z"
    assert profile["fields"]["firstName"]["value"] == "Jane 3"


def test_a_known_customer_costs_one_write_unit_per_event() -> None:
    deliver(message(purchase(1, profile={"firstName": "Jane"})))

    with recorded_calls() as calls:
        deliver(message(purchase(2, profile={"firstName": "Jane"})))

    assert write_units(calls) == 1


def test_a_unique_id_costs_one_write_unit_more() -> None:
    deliver(message(purchase(1)))

    with recorded_calls() as calls:
        deliver(message(purchase(2, unique_id="order-2")))

    assert write_units(calls) == 2


def test_a_bulk_of_known_customers_costs_one_write_unit_per_event() -> None:
    people = [email(f"{number}@example.com") for number in range(10)]
    deliver(message(*(purchase(number, people[number]) for number in range(10))))

    with recorded_calls() as calls:
        deliver(message(*(purchase(100 + n, people[n % 10], minute=100 + n) for n in range(100))))

    assert write_units(calls) == 100
    assert [operation for operation, _ in calls].count("BatchWriteItem") == 4
    assert "Scan" not in {operation for operation, _ in calls}


def test_a_claim_that_meets_a_transaction_of_another_worker_is_decided_anew() -> None:
    conflicts = ["TransactionConflictException"]

    def conflict_once(carry_out: CarryOut, call: Call) -> object:
        if call[0] == "PutItem" and Setting.IDENTITIES_TABLE in str(call[1]) and conflicts:
            raise ClientError({"Error": {"Code": conflicts.pop()}}, "PutItem")
        return carry_out()

    with around_every_call(conflict_once):
        assert deliver(message(purchase(1))) == []

    assert conflicts == []
    assert len(all_items(Setting.EVENTS_TABLE)) == 1


def test_many_parallel_first_events_of_a_person_make_one_customer() -> None:
    names = ([JANE], [JANE, phone("+14155550123")], [own_id("c-1"), JANE], [own_id("c-1"), JANE])
    messages = [message(purchase(number, *names[number % 4])) for number in range(50)]

    turn = Lock()  # makes moto as atomic as AWS: threads interleave between calls, not inside one

    def one_at_a_time(carry_out: CarryOut, _call: Call) -> object:
        with turn:
            return carry_out()

    with around_every_call(one_at_a_time), ThreadPoolExecutor(max_workers=50) as workers:
        again = list(workers.map(deliver, messages))
    for record, failed in zip(messages, again, strict=True):
        if failed:
            deliver(record)

    assert len(all_items(Setting.CUSTOMERS_TABLE)) == 1
    assert {item["customer_id"] for item in all_items(Setting.IDENTITIES_TABLE)} == {
        str(all_items(Setting.CUSTOMERS_TABLE)[0]["pk"]).split("#")[1]
    }
    assert len(all_items(Setting.EVENTS_TABLE)) == 50
