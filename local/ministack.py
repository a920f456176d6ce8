"""The process in which MiniStack runs, with what a long-lived local cloud needs beside it.

It ends with its parent, however that ends: the parent holds the other end of standard input.
The rest changes MiniStack 1.5 from outside; each function says why.
"""

import copy
import os
import signal
import threading
from collections import defaultdict
from typing import Any

from ministack.app import main  # type: ignore[import-untyped]  # MiniStack comes without types
from ministack.core import lambda_runtime  # type: ignore[import-untyped]
from ministack.services import dynamodb, lambda_svc  # type: ignore[import-untyped]

_PROCESSES_PER_FUNCTION = 4
_STREAMS = ("_stream_records", "_stream_trimmed")
_SECONDS_FOR_A_LOG = 0.005


def end_with_parent() -> None:
    """Ask MiniStack to save its state and end when the parent is gone, even if it was killed."""

    def wait() -> None:
        os.read(0, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def remember_streams() -> None:
    """Save the streams of the tables with the tables.

    MiniStack saves how far each reader of a stream has come, but not the stream: after a restart a
    reader would wait for as many new records as it has read before, and never see them.
    """
    save, load = dynamodb.get_state, dynamodb.load_persisted_state

    def save_with_streams() -> dict[str, Any]:
        state: dict[str, Any] = save()
        return state | {name: copy.deepcopy(getattr(dynamodb, name)) for name in _STREAMS}

    def load_with_streams(state: dict[str, Any]) -> None:
        load(state)
        for name in _STREAMS:
            setattr(dynamodb, name, state[name])

    dynamodb.get_state = save_with_streams
    dynamodb.load_persisted_state = load_with_streams


def share_processes() -> None:
    """Let invocations wait for a process of their function, instead of starting one more.

    MiniStack starts a process for every invocation in flight. A burst that Lambda takes in its
    stride would fill this machine's memory with them, and take minutes to start them.
    """
    execute = lambda_svc._execute_function_warm  # noqa: SLF001
    turns: dict[str, threading.BoundedSemaphore] = defaultdict(
        lambda: threading.BoundedSemaphore(_PROCESSES_PER_FUNCTION)
    )

    def execute_in_turn(function: dict[str, Any], *arguments: object) -> object:
        with turns[function["config"]["FunctionName"]]:
            return execute(function, *arguments)

    lambda_svc._execute_function_warm = execute_in_turn  # noqa: SLF001


def answer_without_waiting_for_logs() -> None:
    """Do not wait 50 ms for the log of every invocation that writes none, as most of ours do."""
    _, *others = lambda_runtime.Worker._drain_stderr_bounded.__defaults__  # noqa: SLF001
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (  # noqa: SLF001
        _SECONDS_FOR_A_LOG,
        *others,
    )


if __name__ == "__main__":
    end_with_parent()
    remember_streams()
    share_processes()
    answer_without_waiting_for_logs()
    main()
