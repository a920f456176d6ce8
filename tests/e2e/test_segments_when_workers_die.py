"""Workers that are killed while they decide or tell lose nothing, and tell nothing twice."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle

import boto3
from boto3.dynamodb.conditions import Key

from footfall.domain.timestamps import format_timestamp
from tests.e2e.bus import Bus, alternate, standing
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.meanwhile import meanwhile
from tests.e2e.segments import MINUTE, Segments, event
from tests.e2e.store import Store

CUSTOMERS = 60
ROUNDS = 6
LOYAL_AFTER = 4
SECONDS_BETWEEN_ROUNDS = 1.5
FUNCTIONS = ("Segment", "Due", "Backfill", "Publish")


def test_everything_converges(
    cloud: LocalCloud, store: Store, segments: Segments, bus: Bus
) -> None:
    loyal = {"event": "Visited", "count": {"gte": LOYAL_AFTER}}
    segments.put("loyal", loyal)
    segments.put("lately", {"event": "Paid", "within": {"last": "1m"}})
    emails = [f"customer-{number}@example.com" for number in range(CUSTOMERS)]
    with _workers_dying(cloud) as dead:
        for number in range(ROUNDS):
            visits = [
                event(email) for place, email in enumerate(emails) if place % ROUNDS >= number
            ]
            paid_ago = MINUTE - timedelta(seconds=4)
            payments = [event(email, "Paid", paid_ago) for email in emails[number::ROUNDS]]
            assert store.send_bulk(visits + payments).status_code == 202
            time.sleep(SECONDS_BETWEEN_ROUNDS)
        segments.put("loyal-too", loyal)
        customers = [store.customer(email=email)["id"] for email in emails]
    assert {"Segment", "Publish"} <= set(dead)

    expected = {one for place, one in enumerate(customers) if place % ROUNDS + 1 >= LOYAL_AFTER}
    _let_minutes_pass(cloud, store)  # what a killed worker held is invisible for so long
    cloud.sweep()
    for segment_id in ("loyal", "loyal-too"):
        segments.live(segment_id)
        segments.come_to(segment_id, *expected)
    segments.come_to("lately")
    assert segments.preview(loyal, *customers) == {one: one in expected for one in customers}
    told = {name: bus.transitions(name) for name in ("loyal", "loyal-too", "lately")}
    assert all(alternate(transitions) for transitions in told.values())
    assert {name: standing(transitions) for name, transitions in told.items()} == {
        "loyal": expected,
        "loyal-too": expected,
        "lately": set(),
    }


def _let_minutes_pass(cloud: LocalCloud, store: Store) -> None:
    """Tell the sweep that the walks over the store's customers stand still for long."""
    table = boto3.resource("dynamodb").Table(cloud.outputs["SegmentsTable"])
    long_ago = format_timestamp(datetime.now(UTC) - timedelta(minutes=10))
    for item in table.query(KeyConditionExpression=Key("pk").eq(store.store_id))["Items"]:
        gone = table.meta.client.exceptions.ConditionalCheckFailedException
        with suppress(gone):  # nobody walks, or not any more
            table.update_item(
                Key={"pk": item["pk"], "sk": item["sk"]},
                UpdateExpression="SET progress_at = :long_ago",
                ConditionExpression="attribute_exists(building)",
                ExpressionAttributeValues={":long_ago": long_ago},
            )


@contextmanager
def _workers_dying(cloud: LocalCloud) -> Iterator[list[str]]:
    """Kill the workers of one function after the other while the block runs."""
    chance = random.Random(7)  # noqa: S311 - only spreads the instants
    dead: list[str] = []

    def kill(is_over: threading.Event) -> None:
        for function in cycle(FUNCTIONS):
            if is_over.wait(chance.uniform(0.2, 1)):
                return
            if cloud.kill_workers(function):
                dead.append(function)

    with meanwhile(kill):
        yield dead
