"""How soon an event stands on its customer's timeline, with other events on their way.

From the answer to the event's request until the event is in the Events table, which is looked at
every 5 milliseconds: the measure's grain.
"""

import time
from datetime import UTC, datetime
from http import HTTPStatus

import boto3
import httpx

from bench.end_to_end.noise import noise
from footfall.aws.keys import customer_key, timeline_key_of
from footfall.domain.identifiers import customer_id_for
from footfall.domain.timestamps import format_timestamp

_SECONDS_BETWEEN_SAMPLES = 0.05
_SECONDS_BETWEEN_LOOKS = 0.005
_SECONDS_UNTIL_LATE = 30


class TooLateError(Exception):
    """An event was accepted, and is not on the timeline."""


def measure_timelines(
    http: httpx.Client, store_id: str, events_table: str, samples: int
) -> list[float]:
    """Send so many events of one customer, and return the seconds until each was there.

    Args:
        http: a client of the store's part of the API.
        store_id: the store's id.
        events_table: the table; boto3 must reach it.
        samples: how many events.
    """
    timelines = _Timelines(events_table)
    with noise(http):
        customer_id = customer_id_for(store_id, _send(http, "first", datetime.now(UTC)))
        seconds = []
        for number in range(samples):
            time.sleep(_SECONDS_BETWEEN_SAMPLES)
            at = datetime.now(UTC)
            event_id = _send(http, str(number), at)
            accepted_at = time.perf_counter()
            timelines.wait_for(customer_key(store_id, customer_id), timeline_key_of(at, event_id))
            seconds.append(time.perf_counter() - accepted_at)
        return seconds


def _send(http: httpx.Client, label: str, at: datetime) -> str:
    """Send an event, and return the id that it has been given."""
    event = {
        "eventName": "bench_timeline",
        "eventTimestamp": format_timestamp(at),
        "customer": {"email": "timeline@example.com"},
        "data": {"label": label},
    }
    answer = http.post("/events", json=event, headers={"Prefer": "return=representation"})
    if answer.status_code != HTTPStatus.ACCEPTED:
        raise RuntimeError(answer.text)
    event_id: str = answer.json()["events"][0]["eventId"]
    return event_id


class _Timelines:
    """The Events table, as it is now."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._client = boto3.client("dynamodb")

    def wait_for(self, partition: str, sort: str) -> None:
        """Wait until an event is there."""
        deadline = time.monotonic() + _SECONDS_UNTIL_LATE
        key = {"pk": {"S": partition}, "sk": {"S": sort}}
        while "Item" not in self._client.get_item(
            TableName=self._table, Key=key, ConsistentRead=True, ProjectionExpression="pk"
        ):
            if time.monotonic() > deadline:
                raise TooLateError(sort)
            time.sleep(_SECONDS_BETWEEN_LOOKS)
