"""How many processes a function has in MiniStack, and when one more is started.

A burst that Lambda takes in its stride would fill this machine's memory with processes, and keep it
busy with starting them: that takes a second of a core each, and an invocation some milliseconds.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ministack.core import lambda_runtime  # type: ignore[import-untyped]  # comes without types
from ministack.services import lambda_svc  # type: ignore[import-untyped]

_PROCESSES_PER_FUNCTION = 4
_SECONDS_OF_PATIENCE = 2


class Turns:
    """Who of a function's invocations may go on to its processes now.

    Work that comes faster than it is done is no reason for another process: starting one would take
    the processors from those that do it. A function that ends none of its invocations for a while
    is one: then the others would wait for a long one.
    """

    def __init__(self, processes: Callable[[], int]) -> None:
        self._processes = processes
        self._changed = threading.Condition()
        self._busy = 0
        self._changed_at = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a process that is free or, when none becomes free for a while, for room."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    def _take(self) -> None:
        with self._changed:
            arrived_at = time.monotonic()
            while not self._one_is_free():
                patience = max(arrived_at, self._changed_at) + _SECONDS_OF_PATIENCE
                left = patience - time.monotonic()
                if left <= 0 and self._busy < _PROCESSES_PER_FUNCTION:
                    break
                self._changed.wait(left if left > 0 else None)
            self._busy += 1
            self._changed_at = time.monotonic()

    def _give_back(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed_at = time.monotonic()
            self._changed.notify_all()

    def _one_is_free(self) -> bool:
        return self._busy < max(1, self._processes())


def warm_up() -> None:
    """Start a process of each function before its first event, which would wait for all of them.

    MiniStack keeps the first process of a function for as long as it runs. Events may come while
    this goes on: a function that has a process by then needs no other one.
    """
    for function in lambda_svc._functions.all_values():  # noqa: SLF001
        name = function["config"]["FunctionName"]
        with _turns_of(name).taken():
            if not _processes_of(name):
                _start(name, function)


def share_processes() -> None:
    """Let invocations wait for a process of their function, instead of starting one more each."""
    execute = lambda_svc._execute_function_warm  # noqa: SLF001

    def execute_in_turn(function: dict[str, Any], *arguments: object) -> object:
        with _turns_of(function["config"]["FunctionName"]).taken():
            return execute(function, *arguments)

    lambda_svc._execute_function_warm = execute_in_turn  # noqa: SLF001


def take_messages_when_a_process_is_free() -> None:
    """Take as many batches from a queue as there are processes for them, and one that waits.

    MiniStack takes five, which wait for the same process with a message or two each, while the
    messages that come after them could be in the same batch.
    """
    allowed = lambda_svc._sqs_esm_concurrency  # noqa: SLF001

    def as_many_as_processes(mapping: dict[str, Any], *arguments: Any) -> int:  # noqa: ANN401
        limit: int = allowed(mapping, *arguments)
        return min(limit, max(1, _processes_of(mapping["FunctionName"])) + 1)

    lambda_svc._sqs_esm_concurrency = as_many_as_processes  # noqa: SLF001


_turns: dict[str, Turns] = {}


def _turns_of(function_name: str) -> Turns:
    return _turns.setdefault(function_name, Turns(lambda: _processes_of(function_name)))


def _start(name: str, function: dict[str, Any]) -> None:
    worker, _ = lambda_runtime.acquire_worker(name, function["config"], function["code_zip"])
    try:
        lambda_runtime.ensure_spawned(worker)
    except RuntimeError:  # it does not start: the first event brings that to light
        lambda_runtime.invalidate_worker(name)
    finally:
        lambda_runtime.release_worker(worker)


def _processes_of(function_name: str) -> int:
    workers: dict[str, list[object]] = lambda_runtime._workers  # noqa: SLF001
    return sum(
        len(processes) for key, processes in list(workers.items()) if f":{function_name}:" in key
    )
