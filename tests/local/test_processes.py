"""Processes of the local cloud: an invocation waits for one that is free, before one is started."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from ministack.core import lambda_runtime  # type: ignore[import-untyped]  # without types
from ministack.services import lambda_svc  # type: ignore[import-untyped]

from local import processes

FUNCTION = {"config": {"FunctionName": "due"}}
SECONDS_TO_WAIT = 5


class Pool:
    """MiniStack's side: a process is started for each invocation that finds none free."""

    def __init__(self) -> None:
        self.started = 0
        self.busy = 0
        self.lock = threading.Lock()
        self.gate = threading.Event()

    def execute(self, _function: object, request: str) -> str:
        with self.lock:
            self.busy += 1
            if self.busy > self.started:
                self.started += 1
                lambda_runtime._workers["account:region:due:$LATEST"] = [None] * self.started  # noqa: SLF001
        assert self.gate.wait(SECONDS_TO_WAIT)
        with self.lock:
            self.busy -= 1
        return request


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    pool = Pool()
    monkeypatch.setattr(lambda_runtime, "_workers", {})
    monkeypatch.setattr(lambda_svc, "_execute_function_warm", pool.execute)
    monkeypatch.setattr(processes, "_SECONDS_OF_PATIENCE", 0.1)
    monkeypatch.setattr(processes, "_turns", {})
    processes.share_processes()
    return pool


def invoke(count: int) -> list[object]:
    with ThreadPoolExecutor(count) as callers:
        return list(callers.map(lambda_svc._execute_function_warm, [FUNCTION] * count, "x" * count))  # noqa: SLF001


def test_short_invocations_share_the_first_process(pool: Pool) -> None:
    pool.gate.set()
    assert invoke(20) == ["x"] * 20
    assert pool.started == 1


def test_long_invocations_get_processes_of_their_own_up_to_a_limit(pool: Pool) -> None:
    opening = threading.Timer(1, pool.gate.set)
    opening.start()
    assert invoke(10) == ["x"] * 10
    assert pool.started == 4
    assert pool.busy == 0


def test_work_that_comes_faster_than_it_is_done_starts_no_further_process(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_SECONDS_OF_PATIENCE", 30)
    steps = threading.Semaphore(0)
    monkeypatch.setattr(pool.gate, "wait", lambda seconds: steps.acquire(timeout=seconds))
    with ThreadPoolExecutor(1) as caller:
        calling = caller.submit(invoke, 10)
        for _ in range(10):
            steps.release()
        assert calling.result(SECONDS_TO_WAIT) == ["x"] * 10
    assert pool.started == 1


class Functions:
    """MiniStack's functions."""

    def all_values(self) -> list[object]:
        return [FUNCTION | {"code_zip": b""}]


def test_warming_up_beside_events_starts_no_further_process(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, end = threading.Event(), threading.Event()

    def start(*_: object) -> None:
        begun.set()
        lambda_runtime._workers["account:region:due:$LATEST"] = [None]  # noqa: SLF001
        assert end.wait(SECONDS_TO_WAIT)
        pool.started = 1

    monkeypatch.setattr(lambda_svc, "_functions", Functions())
    monkeypatch.setattr(lambda_runtime, "acquire_worker", lambda *_: (None, "spawn"))
    monkeypatch.setattr(lambda_runtime, "ensure_spawned", start)
    monkeypatch.setattr(processes, "_SECONDS_OF_PATIENCE", 30)
    with ThreadPoolExecutor(2) as callers:
        warming = callers.submit(processes.warm_up)
        assert begun.wait(SECONDS_TO_WAIT)
        calling = callers.submit(invoke, 10)
        pool.gate.set()
        end.set()
        warming.result(SECONDS_TO_WAIT)
        assert calling.result(SECONDS_TO_WAIT) == ["x"] * 10
    assert pool.started == 1


def test_a_function_that_has_a_process_is_not_warmed_up(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.gate.set()
    invoke(1)
    monkeypatch.setattr(lambda_svc, "_functions", Functions())
    monkeypatch.delattr(lambda_runtime, "acquire_worker")
    processes.warm_up()


@pytest.mark.parametrize(("limit", "started", "allowed"), [(5, 0, 2), (5, 3, 4), (2, 4, 2)])
def test_a_queue_is_read_by_as_many_as_have_a_process_and_one_that_waits(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, limit: int, started: int, allowed: int
) -> None:
    assert not pool.busy
    monkeypatch.setattr(lambda_svc, "_sqs_esm_concurrency", lambda *_: limit)
    processes.take_messages_when_a_process_is_free()
    lambda_runtime._workers["account:region:due:$LATEST"] = [None] * started  # noqa: SLF001
    assert lambda_svc._sqs_esm_concurrency({"FunctionName": "due"}, {}, {}) == allowed  # noqa: SLF001
