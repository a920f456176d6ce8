"""Event sources of the local cloud: no reader waits for another, and none is cut off at the end."""

import threading
import time
from collections.abc import Iterator

import pytest
from ministack.services import dynamodb, lambda_svc  # type: ignore[import-untyped]  # without types

from local import event_sources

SECONDS_TO_WAIT = 5


class Streams:
    """Mappings to the streams of tables: each hands one record at a time to its function."""

    def __init__(self) -> None:
        self.ends: dict[str, int] = {}
        self.read: list[str] = []
        self.gates: dict[str, threading.Event] = {}
        self.failing: set[str] = set()

    def put(self, table: str) -> None:
        """Write a record to the stream of a table."""
        self.ends[table] = self.ends.get(table, 0) + 1

    def hold(self, table: str) -> threading.Event:
        """Keep the function of a table at work until the event is set."""
        return self.gates.setdefault(table, threading.Event())

    def mappings(self) -> Iterator[tuple[str, str, dict[str, object]]]:
        for table in list(self.ends):
            yield "", "", {"UUID": table, "EventSourceArn": f"arn:aws:dynamodb:::table/{table}/1"}

    def poll(self) -> bool:
        """Do what MiniStack does in each look at its streams."""
        for _, _, mapping in lambda_svc._iter_all_esms():  # noqa: SLF001
            table = mapping["UUID"]
            if table in self.gates:
                assert self.gates[table].wait(SECONDS_TO_WAIT)
            if table in self.failing:
                lambda_svc._esm_backoff_until[table] = time.time() + 60  # noqa: SLF001
                continue
            positions = lambda_svc._dynamodb_stream_positions  # noqa: SLF001
            positions[table] = positions.get(table, 0) + 1
            self.read.append(table)
        return True


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Streams:
    streams = Streams()
    for name, value in {
        "_iter_all_esms": streams.mappings,
        "_poll_dynamodb_streams": streams.poll,
        "_poll_sqs": lambda: True,
        "_dynamodb_stream_positions": {},
        "_esm_backoff_until": {},
        "_esm_inflight": {},
    }.items():
        monkeypatch.setattr(lambda_svc, name, value)
    monkeypatch.setattr(dynamodb, "stream_end_position", lambda table: streams.ends[table])
    event_sources.read_streams_side_by_side()
    return streams


def look() -> bool:
    started: bool = lambda_svc._poll_dynamodb_streams()  # noqa: SLF001
    return started


def wait_for(streams: Streams, *tables: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while sorted(streams.read) != sorted(tables) or lambda_svc._esm_inflight.keys() & set(tables):  # noqa: SLF001
        assert time.monotonic() < deadline, streams.read
        time.sleep(0.005)


def test_a_slow_function_holds_up_no_other_stream(streams: Streams) -> None:
    gate = streams.hold("slow")
    streams.put("slow")
    streams.put("fast")

    assert look()
    wait_for(streams, "fast")
    gate.set()
    wait_for(streams, "fast", "slow")


def test_a_stream_is_read_by_one_function_at_a_time(streams: Streams) -> None:
    gate = streams.hold("table")
    streams.put("table")
    streams.put("table")

    assert look()
    assert not look()
    gate.set()
    wait_for(streams, "table")
    assert look()
    wait_for(streams, "table", "table")
    assert not look()


def test_the_end_waits_for_what_is_at_work_and_takes_no_more_messages(streams: Streams) -> None:
    gate = streams.hold("table")
    streams.put("table")
    look()
    threading.Timer(0.3, gate.set).start()

    event_sources.catch_up()

    assert streams.read == ["table"]
    assert not lambda_svc._poll_sqs()  # noqa: SLF001


def test_the_end_does_not_wait_for_what_fails_again_and_again(streams: Streams) -> None:
    streams.failing.add("table")
    streams.put("table")
    look()

    before = time.monotonic()
    event_sources.catch_up()

    assert time.monotonic() - before < SECONDS_TO_WAIT


def test_a_batch_that_is_to_come_again_in_part_comes_again_whole(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"body": {"batchItemFailures": [{"itemIdentifier": "7"}]}}
    monkeypatch.setattr(lambda_svc, "_execute_function", lambda *_: answer)
    results: list[dict[str, object]] = []

    def poll() -> bool:
        results.append(lambda_svc._execute_function({}, {}))  # noqa: SLF001
        return streams.poll()

    monkeypatch.setattr(lambda_svc, "_poll_dynamodb_streams", poll)
    event_sources.read_streams_side_by_side()
    streams.put("members")
    look()
    wait_for(streams, "members")
    assert [result.get("error") for result in results] == [True]
    assert lambda_svc._execute_function({}, {}) == answer  # noqa: SLF001 - of a queue, not a stream
