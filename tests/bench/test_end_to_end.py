"""The measure of the whole way sends what it says, tells its parts apart, and fills its page."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bench import plots
from bench.end_to_end.paces import LOADS
from bench.end_to_end.percentiles import latency, percentile
from bench.end_to_end.section import section
from bench.end_to_end.shops import BULK, PEOPLE, Kind, Shops
from bench.end_to_end.traffic import RefusedError, Request, send_all
from tests.e2e.cloud_processes import part_of
from tests.e2e.store import Store

ONE = {"minimum": 1.0, "median": 2.0, "maximum": 3.0}


@pytest.fixture
def shops() -> Iterator[Shops]:
    stores = [Store("http://127.0.0.1", f"store-{number}", "key") for number in range(2)]
    yield Shops(stores)
    for store in stores:
        store.http.close()


def events_of(request: Request) -> list[dict[str, Any]]:
    body = json.loads(request.body)
    events: list[dict[str, Any]] = body.get("events", [body])
    return events


def test_stores_take_turns_and_ids_are_never_used_twice(shops: Shops) -> None:
    requests = [*shops.requests(Kind(unique=True), 3), *shops.requests(Kind(unique=True), 1)]
    assert [request.path.split("/")[2] for request in requests[:3]] == [
        "store-0",
        "store-1",
        "store-0",
    ]
    events = [event for request in requests for event in events_of(request)]
    assert len({event["uniqueId"] for event in events}) == len(events) == 4 * BULK


def test_the_people_of_an_introduction_are_those_who_come_later(shops: Shops) -> None:
    introduced = {_person(event) for one in shops.introduction() for event in events_of(one)}
    assert len(introduced) == PEOPLE
    single, new = shops.requests(Kind(bulk=1), 1), shops.requests(Kind(of_new_people=True), 2)
    assert single[0].path == "/stores/store-0/events"
    assert {_person(event) for event in events_of(single[0])} <= introduced
    strangers = {_person(event) for one in new for event in events_of(one)}
    assert len(strangers) == 2 * BULK
    assert not strangers & introduced


def _person(event: dict[str, Any]) -> str:
    email: str = event["customer"]["email"]
    return email


@contextmanager
def server(status: int) -> Iterator[tuple[int, list[str]]]:
    """Answer every request with a status; yield the port, and the paths that were asked for."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as answering:
        answering.daemon_threads = True
        thread = threading.Thread(target=answering.serve_forever, args=(0.01,))
        thread.start()
        yield answering.server_port, seen
        answering.shutdown()
        thread.join()


def test_each_request_is_sent_once() -> None:
    requests = [Request(f"/{number}", {}, b"{}", 202) for number in range(20)]
    with server(202) as (port, seen):
        sent = send_all(port, requests, connections=3)
    assert sorted(seen) == sorted(request.path for request in requests)
    assert len(sent.waits) == 20


def test_a_refusal_is_no_measurement() -> None:
    with server(429) as (port, _), pytest.raises(RefusedError, match="429"):
        send_all(port, [Request("/", {}, b"{}", 202)], connections=1)


@pytest.mark.parametrize(
    ("command", "part"),
    [
        (
            "python /tmp/ministack-lambda-footfall-local-Ingest4069586C-0C82-m8/_worker.py ",
            "ingest",
        ),
        ("python -m local.ministack ", "MiniStack"),
        ("python -m local ", "front"),
        ("node cdk deploy footfall-local ", None),
    ],
)
def test_processes_are_told_apart(command: str, part: str | None) -> None:
    assert part_of(command) == part


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(200, 0, -1)]
    assert percentile(values, 0.99) == 198
    assert latency(values) == {
        "samples": 200,
        "minimum": 1,
        "median": 100,
        "p99": 198,
        "maximum": 200,
    }


def test_the_section_shows_all_that_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "PLOTS", tmp_path)
    requests = (
        "a function that does nothing, through the gateway",
        "send_message of a bulk",
        "conditional put_item of a marker",
        "batch_write_item of 25 events",
    )
    work = {"MiniStack": 30.0, "process": 90.0}
    pace = {"acceptedPerSecond": ONE, "storedPerSecond": ONE, "secondsToAnswer": ONE}
    shown = section(
        {
            "latencies": {name: latency([0.5, 0.25]) for name in ("timeline", "entry", "exit")},
            "paces": {
                title: pace | {"processorMicroseconds": {"accepting": work, "storing": work}}
                for title in LOADS
            },
            "emulator": {title: {"perSecond": ONE} for title in requests},
        }
    )
    assert "| bulk accepted, queue paused | 2 (1 to 3) | over 4,730 | 0.0 | 100 |" in shown
    assert "| an event of a bulk, stored | 120 | 25% |" in shown
    assert all(title in shown for title in requests)
    assert (tmp_path / "end-to-end-work.svg").exists()
