"""What happens in a store while its functions are looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from math import ceil

from bench.pipeline.cloud import Pipeline
from bench.pipeline.workload import Shop, touched_segments
from footfall.http.routes import CREATE_EVENTS
from tests.segment_cloud import put_segments
from tests.segments.naive import Document

_FEW = 5
_MANY = 50
_NOBODY_TWICE = 10_000
_EVENTS_TO_WARM_UP = 20
_PERIOD = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way in which events come, and what is asked about them.

    Attributes:
        functions: whose work it is about.
        people: how many customers take turns.
        bulk: the events of a request.
        requests: how many of them are looked at.
        are_apart: each request is handed on by itself, as in quiet times.
        tells: the event bus is told of every event.
    """

    title: str
    functions: tuple[str, ...]
    people: int = 10
    bulk: int = 100
    requests: int = 5
    has_unique_ids: bool = False
    are_apart: bool = False
    tells: bool = False
    segments: Mapping[str, Document]

    @property
    def events(self) -> int:
        """Return how many events are looked at."""
        return self.bulk * self.requests


def _entered(number: int) -> Mapping[str, Document]:
    """Return so many segments that every customer enters with the first purchase."""
    return {f"entered-{place}": {"event": "purchase_completed"} for place in range(number)}


SCENARIOS: Mapping[str, Scenario] = {
    "known": Scenario(
        title="bulks of 100 of 10 known customers, 5 segments",
        functions=("process", "catalogue", "segment"),
        segments=touched_segments(_FEW),
    ),
    "unique": Scenario(
        title="the same with `uniqueId`",
        functions=("process",),
        has_unique_ids=True,
        segments=touched_segments(_FEW),
    ),
    "single": Scenario(
        title="one event a request, each handed on by itself",
        functions=("process", "catalogue", "segment"),
        bulk=1,
        requests=50,
        are_apart=True,
        segments=touched_segments(_FEW),
    ),
    "new": Scenario(
        title="bulks of 100 of 100 new customers",
        functions=("process",),
        people=_NOBODY_TWICE,
        requests=2,
        segments={},
    ),
    "entering": Scenario(
        title="a bulk of 20 new customers, who enter 5 segments",
        functions=("segment", "publish"),
        people=_NOBODY_TWICE,
        bulk=20,
        requests=1,
        segments=_entered(_FEW),
    ),
    "untouched": Scenario(
        title="bulks of 100, no segment asks for them",
        functions=("segment",),
        segments={},
    ),
    "touched": Scenario(
        title="bulks of 100, 50 segments ask for them",
        functions=("segment",),
        segments=touched_segments(_MANY),
    ),
    "told": Scenario(
        title="bulks of 100, the event bus is told of each event",
        functions=("catalogue",),
        tells=True,
        segments={},
    ),
}


def live_through(scenario: Scenario, cloud: Pipeline) -> None:
    """Let it happen; the pipeline keeps what the functions did, without what was to warm up."""
    put_segments(scenario.segments)
    begin = datetime.now(UTC) - _PERIOD
    shop = Shop(scenario.people, begin, has_unique_ids=scenario.has_unique_ids)
    _send(scenario, shop, ceil(_EVENTS_TO_WARM_UP / scenario.bulk), cloud)
    cloud.forget()
    _send(scenario, shop, scenario.requests, cloud)


def _send(scenario: Scenario, shop: Shop, requests: int, cloud: Pipeline) -> None:
    for _ in range(requests):
        answer = cloud.accept(CREATE_EVENTS, shop.bulk(scenario.bulk))
        assert answer["statusCode"] == HTTPStatus.ACCEPTED, answer
        if scenario.are_apart:
            cloud.drain()
    cloud.drain()
