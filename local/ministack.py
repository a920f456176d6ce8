"""The process in which MiniStack runs, with what a long-lived local cloud needs beside it.

It ends with its parent, however that ends: the parent holds the other end of standard input. A byte
there asks for something, and the end of it for the end.
The rest changes MiniStack 1.5 from outside, as `event_sources` and `processes` do; each function
says why.
"""

import copy
import os
import signal
import threading
from typing import Any

from ministack.app import main  # type: ignore[import-untyped]  # MiniStack comes without types
from ministack.core import lambda_runtime  # type: ignore[import-untyped]
from ministack.services import dynamodb  # type: ignore[import-untyped]

from local.event_sources import (
    catch_up,
    look_often,
    read_streams_side_by_side,
    run_rules_after_a_restart,
)
from local.processes import share_processes, warm_up

_STREAMS = ("_stream_records", "_stream_trimmed")
_SECONDS_FOR_A_LOG = 0.005


def listen_to_parent() -> None:
    """Warm up at each byte; save and end when the parent wants that, or is gone, even killed."""

    def listen() -> None:
        while os.read(0, 1):
            threading.Thread(target=warm_up, daemon=True).start()
        catch_up()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=listen, daemon=True).start()


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


def answer_without_waiting_for_logs() -> None:
    """Do not wait 50 ms for the log of every invocation that writes none, as most of ours do."""
    _, *others = lambda_runtime.Worker._drain_stderr_bounded.__defaults__  # noqa: SLF001
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (  # noqa: SLF001
        _SECONDS_FOR_A_LOG,
        *others,
    )


if __name__ == "__main__":
    listen_to_parent()
    remember_streams()
    share_processes()
    answer_without_waiting_for_logs()
    read_streams_side_by_side()
    look_often()
    run_rules_after_a_restart()
    main()
