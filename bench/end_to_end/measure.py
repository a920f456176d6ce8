"""Measures a local cloud of its own, from the client's side, and its emulator beside it."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from bench.end_to_end.emulator import Item, measure_emulator
from bench.end_to_end.memberships import measure_memberships
from bench.end_to_end.paces import Pacer
from bench.end_to_end.percentiles import latency
from bench.end_to_end.shops import Kind, Shops
from bench.end_to_end.timelines import measure_timelines
from bench.end_to_end.traffic import send_all
from bench.results import Results
from tests.e2e.local_cloud import LocalCloud

STORES = 4
TIMELINE_SAMPLES = 200
MEMBERSHIP_SAMPLES = 120


def measure() -> Results:
    """Start a cloud, and return how fast it is and how fast its emulator could be."""
    with tempfile.TemporaryDirectory(prefix="footfall-end-to-end-") as directory, ExitStack() as on:
        state = Path(directory).resolve() / "state"
        cloud = on.enter_context(_running_cloud(state))
        on.enter_context(cloud.reached_by_boto3())
        shops = Shops([on.enter_context(cloud.new_store()) for _ in range(STORES)])
        pacer = Pacer(cloud, state, _front_port(cloud), shops)
        pacer.introduce()
        return {
            "latencies": _latencies(cloud),
            "paces": pacer.measure(),
            "emulator": _emulator(cloud, shops),
        }


@contextmanager
def _running_cloud(state: Path) -> Iterator[LocalCloud]:
    cloud = LocalCloud(state)
    cloud.start()
    try:
        yield cloud
    finally:
        cloud.stop()


def _front_port(cloud: LocalCloud) -> int:
    return _port(cloud.file("stack.json")["url"])


def _port(url: str) -> int:
    port = urlsplit(url).port
    if port is None:
        raise ValueError(url)
    return port


def _latencies(cloud: LocalCloud) -> Results:
    with cloud.new_store() as store:
        events = measure_timelines(
            store.http, store.store_id, cloud.outputs["EventsTable"], TIMELINE_SAMPLES
        )
        members = measure_memberships(
            store.http, store.store_id, cloud.outputs["MembersTable"], MEMBERSHIP_SAMPLES
        )
    return {
        "timeline": latency(events),
        "entry": latency(members.entries),
        "exit": latency(members.exits),
    }


def _emulator(cloud: LocalCloud, shops: Shops) -> Results:
    return measure_emulator(
        _port(cloud.file("aws.json")["AWS_ENDPOINT_URL"]),
        _front_port(cloud),
        _message(cloud, shops),
        _any_item(cloud.outputs["EventsTable"]),
        _any_item(cloud.outputs["UniqueIdsTable"]),
    )


def _message(cloud: LocalCloud, shops: Shops) -> str:
    """Return what ingest sends for a bulk of events with unique ids."""
    with cloud.processing_paused():
        send_all(_front_port(cloud), shops.requests(Kind(unique=True), 1), connections=1)
        (message,) = boto3.client("sqs").receive_message(
            QueueUrl=cloud.outputs["EventsQueueUrl"], VisibilityTimeout=0
        )["Messages"]
    return message["Body"]


def _any_item(table: str) -> Item:
    (item,) = boto3.client("dynamodb").scan(TableName=table, Limit=1)["Items"]
    found: dict[str, Any] = dict(item)
    return found
