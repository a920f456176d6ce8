"""Counts what each case uses, and what happens beside it; nothing here knows a price."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from bench.bill.asides import authorization, entry, swept
from bench.bill.cases import (
    BULK,
    CASES,
    CUSTOMERS_OF_A_BULK,
    KNOWN_CUSTOMERS,
    SEGMENTS,
    Buyers,
    Case,
)
from bench.bill.counting import Counted, counted
from bench.bill.powertools import idempotency
from bench.bill.units import Meter
from bench.pipeline.cloud import Pipeline, pipeline
from bench.pipeline.workload import other_segments, touched_segments
from bench.results import Results
from footfall.domain.strict_json import dump_json
from footfall.http.routes import CREATE_EVENT, CREATE_EVENTS
from footfall.settings import Setting
from tests.aws_calls import item_bytes
from tests.moto_cloud import stored_items
from tests.segment_cloud import put_segments

_OTHER_SEGMENTS = 5
_REQUESTS_TO_WARM_UP = 17
"""More than the catalogue remembers of a name."""

_BULKS_TO_BE_KNOWN = 2
"""Twenty events of a customer: more than any segment counts."""

_ONE_BY_ONE = Case(is_bulk=False, has_unique_ids=False, are_new=False, is_quiet=True)
_IN_BULKS = Case(is_bulk=True, has_unique_ids=False, are_new=False, is_quiet=False)
_STORED = {
    "event": Setting.EVENTS_TABLE,
    "marker": Setting.UNIQUE_IDS_TABLE,
    "identifier": Setting.IDENTITIES_TABLE,
    "profile": Setting.CUSTOMERS_TABLE,
    "state": Setting.SEGMENT_STATES_TABLE,
}


def measure() -> Results:
    """Return what an event of each case uses, and an authorization, an entry and a sweep."""
    stores = {number: _measured(number) for number in SEGMENTS}
    return {
        "cases": [one for store in stores.values() for one in store["cases"]],
        "storedBytes": {str(number): store["storedBytes"] for number, store in stores.items()},
        "authorization": authorization().as_json(),
        "entry": entry().as_json(),
        "sweep": swept().as_json(),
        "powertools": idempotency(),
    }


def _measured(segments: int) -> Mapping[str, Any]:
    with store_with(segments) as store:
        cases = []
        for case in sorted(CASES, key=lambda one: not one.are_new):  # moto is quick while it is new
            if not case.are_new:
                store.make_known(KNOWN_CUSTOMERS)
            print(f"  {segments} segments, {', '.join(map(str, case.as_json().values()))}")
            found = store.live_through(case).as_json()
            cases.append({"segments": segments, **case.as_json(), **found})
        stored = {name: _bytes(table) for name, table in _STORED.items()}
        return {"cases": cases, "storedBytes": stored}


class Store:
    """A store with segments, in business for a while: its catalogue remembers many batches."""

    def __init__(self, cloud: Pipeline) -> None:
        self._cloud = cloud
        self._meter = Meter()
        self._buyers = Buyers(datetime.now(UTC) - timedelta(days=2))
        self._known = 0
        self._send(_ONE_BY_ONE, _REQUESTS_TO_WARM_UP)
        self._note()

    def make_known(self, customers: int) -> None:
        """Let the first so many of the known customers have a history."""
        if self._known < customers:
            self._cloud.forget()
            for _ in range(_BULKS_TO_BE_KNOWN):
                self._send(_IN_BULKS, customers // CUSTOMERS_OF_A_BULK)
            self._note()
            self._known = customers

    def live_through(self, case: Case, *, is_timed: bool = True) -> Counted:
        """Let a case take place, and return what each of its events used."""
        self._cloud.forget()
        self._send(case, case.requests)
        self._cloud.publish()
        assert not self._cloud.of("publish"), "memberships are at rest"
        events = case.requests * case.size
        return counted(self._cloud.invocations, self._meter, events=events, is_timed=is_timed)

    def _note(self) -> None:
        """Let the meter know what is in the indexes, and let nobody tell of the first entries."""
        self._cloud.overlook()
        self._meter.take(call for one in self._cloud.invocations for call in one.calls)

    def _send(self, case: Case, requests: int) -> None:
        events = self._buyers.purchases(case, requests)
        for _ in range(requests):
            if case.is_bulk:
                body = dump_json({"events": [next(events) for _ in range(BULK)]})
                answer = self._cloud.accept(CREATE_EVENTS, body)
            else:
                answer = self._cloud.accept(CREATE_EVENT, dump_json(next(events)))
            assert answer["statusCode"] == HTTPStatus.ACCEPTED, answer
            if case.is_quiet:
                self._hand_on()
        self._hand_on()

    def _hand_on(self) -> None:
        self._cloud.store()
        self._cloud.count_names()
        self._cloud.decide()


@contextmanager
def store_with(segments: int) -> Iterator[Store]:
    """Run the block with a store of which so many segments ask for each purchase."""
    with pipeline() as cloud:
        put_segments(touched_segments(segments) or other_segments(_OTHER_SEGMENTS))
        yield Store(cloud)


def _bytes(table: Setting) -> int:
    """Return the bytes of an item of the table, on average."""
    sizes: Sequence[int] = [item_bytes(item) for item in stored_items(table)]
    return int(Decimal(sum(sizes)) / len(sizes)) if sizes else 0
