"""How many processes a function has in MiniStack, and when one more is started.

A burst that Lambda takes in its stride would fill this machine's memory with processes, and keep it
busy with starting them: that takes a second of a core each, and an invocation some milliseconds.
"""

import threading
from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime  # type: ignore[import-untyped]  # comes without types
from ministack.services import lambda_svc  # type: ignore[import-untyped]

_PROCESSES_PER_FUNCTION = 4
_SECONDS_OF_PATIENCE = 0.5


class Turns:
    """Who of a function's invocations may go on to its processes now."""

    def __init__(self, processes: Callable[[], int]) -> None:
        self._processes = processes
        self._changed = threading.Condition()
        self._busy = 0

    def take(self) -> None:
        """Wait for a process that is free, or, when none becomes free for a while, for room."""
        with self._changed:
            if not self._changed.wait_for(self._one_is_free, _SECONDS_OF_PATIENCE):
                self._changed.wait_for(lambda: self._busy < _PROCESSES_PER_FUNCTION)
            self._busy += 1

    def give_back(self) -> None:
        """Let the next one go on."""
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def _one_is_free(self) -> bool:
        return self._busy < max(1, self._processes())


def warm_up() -> None:
    """Start a process of each function before its first event, which would wait for all of them.

    MiniStack keeps the first process of a function for as long as it runs.
    """
    for function in lambda_svc._functions.all_values():  # noqa: SLF001
        config = function["config"]
        worker, _ = lambda_runtime.acquire_worker(
            config["FunctionName"], config, function["code_zip"]
        )
        try:
            lambda_runtime.ensure_spawned(worker)
        except RuntimeError:  # it does not start: the first event brings that to light
            lambda_runtime.invalidate_worker(config["FunctionName"])
        finally:
            lambda_runtime.release_worker(worker)


def share_processes() -> None:
    """Let invocations wait for a process of their function, instead of starting one more each."""
    execute = lambda_svc._execute_function_warm  # noqa: SLF001
    turns: dict[str, Turns] = {}

    def execute_in_turn(function: dict[str, Any], *arguments: object) -> object:
        name = function["config"]["FunctionName"]
        turn = turns.setdefault(name, Turns(lambda: _processes_of(name)))
        turn.take()
        try:
            return execute(function, *arguments)
        finally:
            turn.give_back()

    lambda_svc._execute_function_warm = execute_in_turn  # noqa: SLF001


def _processes_of(function_name: str) -> int:
    workers: dict[str, list[object]] = lambda_runtime._workers  # noqa: SLF001
    return sum(
        len(processes) for key, processes in list(workers.items()) if f":{function_name}:" in key
    )
