"""10,000 events of 1,000 customers, some sent twice, some malformed: exactly the right set."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import boto3

from local.draining import everything_is_stored
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.polling import eventually
from tests.e2e.store import Json, Store

EVENTS = 10_000
CUSTOMERS = 1_000
BULK = 100
DUPLICATES = EVENTS * 5 // 100

Timelines = Counter[frozenset[str]]
"""The uniqueIds of the events on each timeline; who the customer is does not matter."""


def test_10_000_events_arrive_once_each(cloud: LocalCloud, store: Store) -> None:
    chance = random.Random(20261121)  # noqa: S311 - the same shuffle in every run
    events = [_event(number) for number in range(EVENTS)]
    sent = events + chance.sample(events, DUPLICATES)
    chance.shuffle(sent)
    requests = [sent[start : start + BULK] for start in range(0, len(sent), BULK)]
    unheard = [_event(EVENTS + number) for number in range(BULK - 1)]
    malformed = [[*unheard, {"eventName": "Bought"}]] * (len(requests) // 100 + 1)

    with ThreadPoolExecutor(4) as senders:
        statuses = Counter(
            senders.map(lambda bulk: store.send_bulk(bulk).status_code, requests + malformed)
        )
    assert statuses == {202: len(requests), 400: len(malformed)}

    with cloud.reached_by_boto3():
        eventually(lambda: everything_is_stored(cloud.outputs["EventsQueueUrl"]), seconds=200)
        stored = _stored(cloud, store)
    assert sum(len(timeline) * times for timeline, times in stored.items()) == EVENTS
    assert stored == _timelines((event["customer"]["email"], event["uniqueId"]) for event in events)


def _event(number: int) -> Json:
    return {
        "eventName": "Bought",
        "customer": {"email": f"customer-{number % CUSTOMERS}@example.com"},
        "uniqueId": f"purchase-{number}",
        "value": number,
    }


def _stored(cloud: LocalCloud, store: Store) -> Timelines:
    pages = (
        boto3.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=cloud.outputs["EventsTable"],
            FilterExpression="begins_with(pk, :store)",
            ExpressionAttributeValues={":store": {"S": f"{store.store_id}#"}},
            ProjectionExpression="pk, sk, unique_id",
        )
    )
    items = [item for page in pages for item in page["Items"]]
    assert len(items) == EVENTS
    return _timelines((item["pk"]["S"], item["unique_id"]["S"]) for item in items)


def _timelines(events: Iterable[tuple[str, str]]) -> Timelines:
    by_customer: dict[str, set[str]] = defaultdict(set)
    for customer, unique_id in events:
        by_customer[customer].add(unique_id)
    return Counter(map(frozenset, by_customer.values()))
