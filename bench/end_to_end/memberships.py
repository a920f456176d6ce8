"""How soon a customer enters and leaves a segment, with other events on their way.

Each sample is the first event of a new customer, with a timestamp of almost a minute ago, and a
segment asks for the last minute:

- entry: from the answer to the event's request until the customer stands in the Members table;
- exit: from the end of the window until the customer is gone from there.

The table is looked at every 20 milliseconds, which is the measure's grain. Windows end anywhere
within a second, as the engine's delays are whole seconds.
"""

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

import boto3
import httpx

from bench.end_to_end.noise import NOISE, noise
from footfall.aws.keys import members_key, members_shard
from footfall.domain.identifiers import customer_id_for

SAMPLES_PER_SECOND = 4
SEGMENT, NOISE_SEGMENT = "bench-latency", "bench-noise"
EVENT = "bench_latency"

_WINDOW = timedelta(minutes=1)
_SHORTEST_MEMBERSHIP = timedelta(seconds=6)
_SECONDS_OF_WARMING = 5
_SECONDS_BETWEEN_LOOKS = 0.02
_SECONDS_BETWEEN_ASKING = 0.2
_SECONDS_UNTIL_LATE = 60
_MAX_KEYS = 100


@dataclass
class _Sample:
    """A customer on the way in and out again; all instants in seconds since 1970."""

    key: tuple[str, str]
    accepted_at: float
    ends_at: float
    entered_at: float | None = None
    exited_at: float | None = None

    def is_expected(self, now: float) -> bool:
        """Whether the customer is to enter, or to leave, as soon as possible."""
        return self.entered_at is None or (self.exited_at is None and self.ends_at <= now)

    def see(self, now: float, *, is_present: bool) -> None:
        """Note whether the customer was there just now."""
        if is_present:
            self.entered_at = self.entered_at or now
        elif self.entered_at is not None and self.ends_at <= now:
            self.exited_at = now


@dataclass
class Latencies:
    """What was measured, in seconds."""

    entries: list[float] = field(default_factory=list)
    exits: list[float] = field(default_factory=list)


def measure_memberships(
    http: httpx.Client, store_id: str, members_table: str, samples: int
) -> Latencies:
    """Store two segments, send the events of so many customers, and watch them come and go.

    Args:
        http: a client of the store's part of the API.
        store_id: the store's id.
        members_table: the table; boto3 must reach it.
        samples: how many customers.
    """
    _put_segments(http)
    waiting: list[_Sample] = []
    members = _Members(members_table)
    with noise(http), ThreadPoolExecutor(1) as sender:
        time.sleep(_SECONDS_OF_WARMING)
        sending = sender.submit(_send_samples, http, store_id, samples, waiting)
        _watch(members, waiting, samples)
        sending.result()
    return Latencies(
        [one.entered_at - one.accepted_at for one in waiting if one.entered_at is not None],
        [one.exited_at - one.ends_at for one in waiting if one.exited_at is not None],
    )


def _put_segments(http: httpx.Client) -> None:
    definitions: Mapping[str, Mapping[str, object]] = {
        SEGMENT: {"event": EVENT, "within": {"last": "1m"}},
        NOISE_SEGMENT: {"event": NOISE, "count": {"gte": 1_000}, "within": {"last": "1h"}},
    }
    for segment_id, definition in definitions.items():
        document = {"name": "Of the measurement", "definition": definition}
        http.put(f"/segments/{segment_id}", json=document).raise_for_status()
    while any(
        http.get(f"/segments/{segment_id}").json()["status"] != "live" for segment_id in definitions
    ):
        time.sleep(_SECONDS_BETWEEN_ASKING)


def _send_samples(http: httpx.Client, store_id: str, samples: int, waiting: list[_Sample]) -> None:
    chance = random.Random(samples)  # noqa: S311 - only spreads the ends of the windows
    begin = time.monotonic()
    for number in range(samples):
        time.sleep(max(0, begin + number / SAMPLES_PER_SECOND - time.monotonic()))
        ends_at = datetime.now(UTC) + _SHORTEST_MEMBERSHIP + timedelta(seconds=chance.random())
        event = {
            "eventName": EVENT,
            "eventTimestamp": (ends_at - _WINDOW).isoformat(),
            "customer": {"email": f"{uuid4()}@example.com"},
        }
        answer = http.post("/events", json=event, headers={"Prefer": "return=representation"})
        accepted_at = time.time()
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise RuntimeError(answer.text)
        customer_id = customer_id_for(store_id, answer.json()["events"][0]["eventId"])
        partition = members_key(store_id, SEGMENT, members_shard(customer_id))
        waiting.append(_Sample((partition, customer_id), accepted_at, ends_at.timestamp()))


class _Members:
    """The Members table, as it is now."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._client = boto3.client("dynamodb")

    def present(self, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return those of up to a hundred keys that are in it."""
        asked = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
        answer = self._client.batch_get_item(
            RequestItems={self._table: {"Keys": asked, "ConsistentRead": True}}
        )
        return {(item["pk"]["S"], item["sk"]["S"]) for item in answer["Responses"][self._table]}


def _watch(members: _Members, waiting: Sequence[_Sample], samples: int) -> None:
    """Note who has come and who has gone, until all have, or it is late."""
    deadline = time.monotonic() + samples / SAMPLES_PER_SECOND + _SECONDS_UNTIL_LATE
    while time.monotonic() < deadline:
        now = time.time()
        asked = [one for one in list(waiting) if one.is_expected(now)][:_MAX_KEYS]
        if not asked and len(waiting) == samples and all(one.exited_at for one in waiting):
            return
        if asked:
            present = members.present(one.key for one in asked)
            seen_at = time.time()
            for one in asked:
                one.see(seen_at, is_present=one.key in present)
        time.sleep(_SECONDS_BETWEEN_LOOKS)
