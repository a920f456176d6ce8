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

import uvicorn
from ministack.app import app  # type: ignore[import-untyped]  # MiniStack comes without types
from ministack.services import dynamodb  # type: ignore[import-untyped]

from local.dying_alone import let_processes_die_alone
from local.event_sources import (
    catch_up,
    look_often,
    read_streams_side_by_side,
    run_rules_after_a_restart,
)
from local.extraction import share_extracted_code
from local.invocation_logs import mark_ends
from local.no_content import without_content
from local.processes import share_processes, take_messages_when_a_process_is_free, warm_up

_STREAMS = ("_stream_records", "_stream_trimmed")
_SECONDS_BETWEEN_CALLS = 75
_SECONDS_TO_FINISH = 3


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


def serve() -> None:
    """Serve MiniStack until it is told to end.

    Its own server, Hypercorn, reads and writes HTTP in Python. More than half of what a call of an
    AWS SDK cost went into that, in the one thread that everything goes through.
    """
    uvicorn.run(
        without_content(app),
        host=os.environ["BIND_HOST"],
        port=int(os.environ["GATEWAY_PORT"]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        proxy_headers=False,  # what the front says of its client is for the API, not for the server
        date_header=False,  # MiniStack brings its own
        server_header=False,
        log_config=None,
        timeout_keep_alive=_SECONDS_BETWEEN_CALLS,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )


if __name__ == "__main__":
    listen_to_parent()
    remember_streams()
    share_processes()
    let_processes_die_alone()
    take_messages_when_a_process_is_free()
    share_extracted_code()
    mark_ends()
    read_streams_side_by_side()
    look_often()
    run_rules_after_a_restart()
    serve()
