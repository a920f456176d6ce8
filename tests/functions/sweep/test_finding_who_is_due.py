"""A hundred thousand customers who fall due in the same second: found, sliced, and decided."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from footfall.aws.keys import due_shard_key
from footfall.domain.timestamps import to_microseconds
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import NOON, STORE
from tests.segment_cloud import SegmentCloud, happened, put_customers, segment_cloud, state_items
from tests.segments.naive import Document

LATELY: Document = {"event": "bought", "within": {"last": "1h"}}
MANY = 100_000
PAGE = 3_000


@pytest.fixture
def cloud() -> Iterator[SegmentCloud]:
    with segment_cloud() as cloud:
        yield cloud


def customer(number: int) -> str:
    return f"{number % 16:x}{number:023x}"


def arm(number: int, due_at: datetime, *, first: int = 0, store_id: str = STORE) -> None:
    """Put as much of states as the due index shows past DynamoDB's calls, straight into moto."""
    _put(number, due_at, first, store_id, {})


def _put(
    number: int, due_at: datetime, first: int, store_id: str, more: Mapping[str, object]
) -> None:
    (tables,) = (one["us-east-1"].tables for one in dynamodb_backends.values())
    states: dict[DynamoType, Any] = tables[Setting.SEGMENT_STATES_TABLE].items
    for one in map(customer, range(first, first + number)):
        key = {"S": f"{store_id}#{one}"}
        attributes = {
            "pk": key,
            "due_shard": {"S": due_shard_key(one)},
            "due_at": {"N": str(to_microseconds(due_at))},
            **more,
        }
        states[DynamoType(key)] = Item(DynamoType(key), None, attributes)


def queued(cloud: SegmentCloud) -> list[tuple[float, str, list[str]]]:
    """Return the delay, the store and the customers of each message in the due queue."""
    found = []
    for one in cloud.waiting[Setting.DUE_QUEUE_URL]:
        document = json.loads(one.body)
        delay = (one.ready_at - cloud.now).total_seconds()
        found.append((delay, document["storeId"], document["customerIds"]))
    return found


def pages_of_an_index(carry_out: CarryOut, call: Call) -> object:
    """Answer for the due index as DynamoDB does, in pages; moto takes a minute for so many."""
    operation, parameters = call
    if operation != "Query" or parameters["IndexName"] != "due":
        return carry_out()
    shard = int(parameters["ExpressionAttributeValues"][":shard"]["S"].removeprefix("due#"))
    start = parameters.get("ExclusiveStartKey", {"place": shard})["place"]
    end = start + 16 * PAGE
    keys = [{"S": f"{STORE}#{customer(one)}"} for one in range(start, min(end, MANY), 16)]
    due_at = {"N": str(to_microseconds(NOON + timedelta(seconds=42)))}
    answer: dict[str, object] = {"Items": [{"pk": key, "due_at": due_at} for key in keys]}
    return answer | ({"LastEvaluatedKey": {"place": end}} if end < MANY else {})


def test_a_hundred_thousand_in_the_same_second_are_asked_for_in_slices(
    cloud: SegmentCloud,
) -> None:
    with around_every_call(pages_of_an_index):
        cloud.sweep()

    messages = queued(cloud)
    assert {delay for delay, _, _ in messages} == {43}
    assert max(len(customers) for _, _, customers in messages) == 100
    found = Counter(one for _, _, customers in messages for one in customers)
    assert found == Counter(map(customer, range(MANY)))
    sends = [parameters for operation, parameters in cloud.calls if operation != "Query"]
    assert len(sends) <= 1.05 * MANY / 1_000
    assert {entry["MessageGroupId"] for one in sends for entry in one["Entries"]} == {STORE}


def test_a_thousand_are_found_among_those_who_are_not_due(cloud: SegmentCloud) -> None:
    arm(1_000, NOON + timedelta(seconds=42))
    arm(1_000, NOON + timedelta(minutes=5), first=1_000)
    cloud.sweep()

    found = Counter(one for _, _, customers in queued(cloud) for one in customers)
    assert found == Counter(map(customer, range(1_000)))
    assert {operation for operation, _ in cloud.calls} == {"Query", "SendMessageBatch"}


def test_the_slices_are_decided(cloud: SegmentCloud) -> None:
    cloud.put_live(lately=LATELY, idle={"not": LATELY})
    people = [customer(number) for number in range(320)]
    put_customers(people)
    decided = {"version": {"N": "1"}, "generation": {"N": "2"}, "as_of": {"N": "1"}}
    _put(320, NOON - timedelta(seconds=1), 0, STORE, decided)
    cloud.customers.read()
    cloud.sweep()
    assert len(queued(cloud)) == 16
    cloud.settle()

    assert cloud.told == []
    assert all("due_at" not in item for item in state_items())
    cloud.sweep()
    assert queued(cloud) == []


def test_the_delay_lets_the_instant_pass_by_a_margin_for_the_clocks(cloud: SegmentCloud) -> None:
    offsets = [-7_200.0, -1.0, -0.000001, 0.0, 0.1, 0.899999, 0.9, 0.900001, 30.5, 89.999999, 90.0]
    for number, offset in enumerate(offsets):
        arm(1, NOON + timedelta(seconds=offset), first=number)
    arm(1, NOON + timedelta(seconds=90.000001), first=len(offsets))
    cloud.sweep()

    delays = {customers[0]: delay for delay, _, customers in queued(cloud)}
    assert [delays.pop(customer(number)) for number in range(len(offsets))] == [
        *(0, 0, 1, 1, 1, 1, 1, 2, 31, 91, 91)
    ]
    assert delays == {}


def test_the_overdue_are_found_again_until_they_are_decided(cloud: SegmentCloud) -> None:
    cloud.put_live(lately=LATELY)
    cloud.store(happened("bought", at=NOON))
    cloud.settle()
    cloud.now = NOON + timedelta(hours=3)
    for _ in range(3):
        cloud.waiting[Setting.DUE_QUEUE_URL] = []  # what the queue had was lost
        cloud.sweep()
        assert len(queued(cloud)) == 1
    cloud.settle()
    assert [one[0] for one in cloud.transitions("lately")] == ["entered", "exited"]

    cloud.sweep()
    assert queued(cloud) == []


def test_who_is_not_due_is_left_alone(cloud: SegmentCloud) -> None:
    arm(50, NOON + timedelta(seconds=91))
    cloud.sweep()

    assert queued(cloud) == []
    assert {operation for operation, _ in cloud.calls} == {"Query"}


def test_customers_of_two_stores_or_of_two_seconds_share_no_message(cloud: SegmentCloud) -> None:
    arm(32, NOON + timedelta(seconds=10))
    arm(32, NOON + timedelta(seconds=20), first=32)
    arm(32, NOON + timedelta(seconds=10), store_id="another")
    cloud.sweep()

    found = Counter(
        (delay, store_id) for delay, store_id, customers in queued(cloud) for _ in customers
    )
    assert found == {(11, STORE): 32, (21, STORE): 32, (11, "another"): 32}


def test_each_sweep_sees_further_than_to_the_next_one(cloud: SegmentCloud) -> None:
    """Whatever second somebody falls due at, a sweep has asked for them before."""
    for second in range(1, 180, 7):
        arm(1, NOON + timedelta(seconds=second), first=second)
    asked: dict[str, datetime] = {}
    for minute in range(3):
        cloud.now = NOON + timedelta(minutes=minute)
        cloud.sweep()
        for delay, _, customers in queued(cloud):
            for one in customers:
                asked.setdefault(one, cloud.now + timedelta(seconds=delay))
        cloud.waiting[Setting.DUE_QUEUE_URL] = []

    for second in range(1, 180, 7):
        late = asked[customer(second)] - (NOON + timedelta(seconds=second))
        assert timedelta(0) < late <= timedelta(seconds=1)
