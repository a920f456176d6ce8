"""The process in which MiniStack runs, with two things that MiniStack itself does not do.

It ends with its parent, however that ends: the parent holds the other end of standard input. And
it remembers the streams of the tables: MiniStack saves how far each reader of a stream has come,
but not the stream, so that after a restart a reader would wait for records that it counts as read.
"""

import copy
import os
import signal
import threading
from typing import Any

from ministack.app import main
from ministack.services import dynamodb

_STREAMS = ("_stream_records", "_stream_trimmed")


def remember_streams() -> None:
    """Make the records of the streams part of what MiniStack saves and loads for DynamoDB."""
    save, load = dynamodb.get_state, dynamodb.load_persisted_state

    def save_with_streams() -> dict[str, Any]:
        return save() | {name: copy.deepcopy(getattr(dynamodb, name)) for name in _STREAMS}

    def load_with_streams(state: dict[str, Any]) -> None:
        load(state)
        for name in _STREAMS:
            if name in state:
                setattr(dynamodb, name, state[name])

    dynamodb.get_state = save_with_streams
    dynamodb.load_persisted_state = load_with_streams


def _end_with_parent() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    remember_streams()
    main()
