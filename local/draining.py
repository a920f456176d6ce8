"""Lets the accepted events arrive before MiniStack stops.

MiniStack saves its services one after the other: an event on its way from the queue to the tables
could be in neither of the two.
"""

import time
from contextlib import suppress

from botocore.exceptions import EndpointConnectionError

from cli.backlog import requests_waiting

_SECONDS_TO_WAIT = 10
_SECONDS_BETWEEN_LOOKS = 0.1


def wait_until_stored(queue_url: str) -> None:
    """Wait until everything is stored, or long enough, or MiniStack is gone."""
    deadline = time.monotonic() + _SECONDS_TO_WAIT
    with suppress(EndpointConnectionError):
        while not everything_is_stored(queue_url) and time.monotonic() < deadline:
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def everything_is_stored(queue_url: str) -> bool:
    """Tell whether the queue is empty and nothing of it is being processed."""
    return not requests_waiting(queue_url)
