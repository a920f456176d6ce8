"""The HTTP API as far as the command uses it, in memory: it keeps the first event of each id."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import httpx

from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.values import JsonObject, JsonValue
from tests.cli.fake_problems import problem
from tests.cli.fake_segments import FakeSegments

__all__ = ["KEY", "STORE", "URL", "FakeApi", "FakeTime", "problem"]

URL = "https://footfall.test"
STORE = "64e5a8a1af49a89df37e4ee7"
KEY = "footfall_test"


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class FakeApi:
    """Answers requests; `faults` decides what it does to the k-th (from 1) instead of that.

    Attributes:
        time: the clock of the client, for those who look when a request came.
        stored: the first event of each uniqueId, in the order of their arrival.
        received: every valid event, as often as it came.
        requested_at: when each request came.
        segments: the segment routes, with what they store.
    """

    time: FakeTime
    faults: dict[int, httpx.Response | BaseException] = field(default_factory=dict)
    stored: dict[str, JsonObject] = field(default_factory=dict)
    received: list[JsonObject] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    requested_at: list[float] = field(default_factory=list)
    segments: FakeSegments = field(default_factory=FakeSegments)

    def answer(self, request: httpx.Request) -> httpx.Response:  # noqa: PLR0911  # one a route
        self.requests.append(request)
        self.requested_at.append(self.time.now)
        fault = self.faults.get(len(self.requests))
        if isinstance(fault, BaseException):
            raise fault
        if fault is not None:
            return fault
        if request.headers["Authorization"] != f"Bearer {KEY}":
            return problem(401, "The API key is unknown.")
        match request.method, request.url.path.removeprefix(f"/stores/{STORE}"):
            case "POST", "/events/bulk":
                body = cast("JsonObject", parse_json(request.content.decode()))
                return self._take(cast("Sequence[JsonObject]", body["events"]))
            case "POST", "/events":
                return self._take([cast("JsonObject", parse_json(request.content.decode()))])
            case method, path if path.startswith("/segments"):
                return self.segments.answer(method, path.removeprefix("/segments"), request)
            case "GET", path:
                return self._status(path.removeprefix("/events/"))
        return problem(404, "No such route.")

    def _take(self, events: Sequence[JsonObject]) -> httpx.Response:
        faults = [_faults(index, event) for index, event in enumerate(events)]
        if all(faults):
            return problem(400, "Not one event is valid.", [one for many in faults for one in many])
        for event, errors in zip(events, faults, strict=True):
            if not errors:
                self.received.append(event)
                self.stored.setdefault(str(event["uniqueId"]), event)
        fates: list[JsonValue] = [
            {"index": index, "status": "rejected" if errors else "queued", "errors": errors}
            for index, errors in enumerate(faults)
        ]
        return httpx.Response(202, text=dump_json({"events": fates}))

    def _status(self, unique_id: str) -> httpx.Response:
        if unique_id not in self.stored:
            return problem(404, "No event with this uniqueId has been stored so far.")
        return httpx.Response(200, json={"status": "stored", "customerId": "c0ffee"})


def _faults(index: int, event: JsonObject) -> list[JsonObject]:
    faults: list[JsonObject] = []
    if not isinstance(event.get("eventName"), str):
        faults.append({"pointer": f"/events/{index}/eventName", "detail": "is required"})
    if not event.get("customer"):
        faults.append({"pointer": f"/events/{index}/customer", "detail": "is required"})
    return faults
