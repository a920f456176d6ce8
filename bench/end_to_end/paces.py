"""How many events a second the cloud accepts and stores, by how they come."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from bench.end_to_end.processor_time import processor_seconds
from bench.end_to_end.shops import Kind, Shops
from bench.end_to_end.traffic import send_all
from bench.results import Results
from bench.spread import spread
from cli.backlog import requests_waiting
from tests.e2e.cloud_processes import EMULATOR, FRONT
from tests.e2e.local_cloud import LocalCloud

ROUNDS = 4
_SECONDS_BETWEEN_LOOKS = 0.05
_SECONDS_TO_REST = 20
_SECONDS_OF_REST = 0.4
_SHARE_AT_REST = 0.1
_NEVER_AT_REST = {EMULATOR, FRONT}
"""They keep looking for work: on a slow machine, that alone is more than a tenth of a processor."""


@dataclass(frozen=True, slots=True)
class Load:
    """One way of sending events.

    Attributes:
        requests: how many are sent in a round.
        connections: over how many connections.
        is_stored_later: whether what is accepted stays in the queue until all of it is accepted.
    """

    kind: Kind
    requests: int
    connections: int = 4
    is_stored_later: bool = False


LOADS: Mapping[str, Load] = {
    "single, stored later": Load(Kind(bulk=1), 300, is_stored_later=True),
    "single": Load(Kind(bulk=1), 200),
    "bulk, stored later, one connection": Load(Kind(), 40, 1, is_stored_later=True),
    "bulk, stored later": Load(Kind(), 60, is_stored_later=True),
    "bulk": Load(Kind(), 40),
    "bulk, unique, stored later": Load(Kind(unique=True), 30, is_stored_later=True),
    "bulk, unique": Load(Kind(unique=True), 30),
    "bulk, new people": Load(Kind(of_new_people=True), 10),
    "bulk, new people, unique": Load(Kind(unique=True, of_new_people=True), 10),
}


@dataclass
class _Paces:
    """What the rounds of one load came to."""

    accepted: list[float] = field(default_factory=list)
    stored: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    accepting: dict[str, float] = field(default_factory=dict)
    storing: dict[str, float] = field(default_factory=dict)


class Pacer:
    """Measures a cloud whose state is in a directory, and which the shops' requests reach."""

    def __init__(self, cloud: LocalCloud, state: Path, port: int, shops: Shops) -> None:
        self._cloud = cloud
        self._state = state
        self._port = port
        self._shops = shops
        self._queue_url = cloud.outputs["EventsQueueUrl"]

    def introduce(self) -> None:
        """Let the processes start, all stores know their people, and all processes their work."""
        self._wait_for_rest()
        for request in self._shops.introduction():
            send_all(self._port, [request], connections=1)
            self._wait_until_stored()
        self._wait_for_rest()

    def measure(self) -> Results:
        """Measure all loads in turn, and that several times: what disturbs one disturbs all."""
        found: dict[str, _Paces] = defaultdict(_Paces)
        for _ in range(ROUNDS):
            for title, load in LOADS.items():
                self._measure(load, found[title])
                self._wait_for_rest()
        return {title: _as_json(LOADS[title], paces) for title, paces in found.items()}

    def _measure(self, load: Load, paces: _Paces) -> None:
        requests = self._shops.requests(load.kind, load.requests)
        events = load.requests * load.kind.bulk
        with (
            self._cloud.processing_paused() if load.is_stored_later else nullcontext(),
            self._counted(paces.accepting),
        ):
            begin = time.perf_counter()
            sent = send_all(self._port, requests, load.connections)
        if load.is_stored_later:
            begin = time.perf_counter()
        with self._counted(paces.storing):
            self._wait_until_stored()
            stored = time.perf_counter() - begin
            self._wait_for_rest()
        paces.accepted.append(events / sent.seconds)
        paces.waits += sent.waits
        paces.stored.append(events / stored)

    @contextmanager
    def _counted(self, used: dict[str, float]) -> Iterator[None]:
        """Add up what the processes use of the processors while the block runs."""
        before = processor_seconds(self._state)
        yield
        for part, seconds in _since(before, processor_seconds(self._state)).items():
            used[part] = used.get(part, 0) + seconds

    def _wait_until_stored(self) -> None:
        while requests_waiting(self._queue_url):
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def _wait_for_rest(self) -> None:
        """Wait until the functions behind the tables have done their part, too."""
        deadline = time.monotonic() + _SECONDS_TO_REST
        used = _SECONDS_OF_REST
        while used > _SHARE_AT_REST * _SECONDS_OF_REST and time.monotonic() < deadline:
            before = processor_seconds(self._state)
            time.sleep(_SECONDS_OF_REST)
            since = _since(before, processor_seconds(self._state))
            used = sum(seconds for part, seconds in since.items() if part not in _NEVER_AT_REST)


def _since(before: Mapping[str, float], after: Mapping[str, float]) -> Mapping[str, float]:
    """Return what each part has used; a process that has ended in between counts for nothing."""
    return {part: max(0.0, used - before.get(part, 0)) for part, used in after.items()}


def _as_json(load: Load, paces: _Paces) -> Results:
    events = load.requests * load.kind.bulk
    found = {
        "requests": load.requests,
        "eventsPerRequest": load.kind.bulk,
        "connections": load.connections,
        "acceptedPerSecond": spread(paces.accepted).as_json(),
        "storedPerSecond": spread(paces.stored).as_json(),
        "secondsToAnswer": spread(paces.waits).as_json(),
    }
    if not load.is_stored_later:
        return found  # who works on which event cannot be told apart
    return found | {
        "processorMicroseconds": {
            name: {part: 1e6 * used / ROUNDS / events for part, used in sorted(parts.items())}
            for name, parts in (("accepting", paces.accepting), ("storing", paces.storing))
        }
    }
