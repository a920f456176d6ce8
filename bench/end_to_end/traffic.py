"""Sends ready-made requests over a few connections, each as soon as the last one is answered."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

from local.settings import HOST

_SECONDS_TO_ANSWER = 60


@dataclass(frozen=True, slots=True)
class Request:
    """A request, ready to be sent; nothing is computed while the clock runs.

    Attributes:
        path: what follows the host.
        headers: all of them but those of HTTP itself.
        body: the content.
        status: what a good answer says.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int


@dataclass(frozen=True, slots=True)
class Sent:
    """How long all of the requests took, and each of them, in seconds."""

    seconds: float
    waits: Sequence[float]


class RefusedError(Exception):
    """A request was not answered as it should be; the message is the answer."""


def send_all(port: int, requests: Sequence[Request], connections: int) -> Sent:
    """Send the requests to a server of this machine, and return how long that took.

    Raises:
        RefusedError: when one of them is answered with another status than it should be.
    """
    waiting = iter(requests)
    with ThreadPoolExecutor(connections) as senders:
        begin = time.perf_counter()
        sending = [senders.submit(_send, port, waiting) for _ in range(connections)]
        waits = [wait for one in sending for wait in one.result()]
        return Sent(time.perf_counter() - begin, waits)


def _send(port: int, waiting: Iterator[Request]) -> list[float]:
    """Send over one connection what no other one has sent yet."""
    waits = []
    with closing(HTTPConnection(HOST, port, timeout=_SECONDS_TO_ANSWER)) as connection:
        for request in waiting:
            begin = time.perf_counter()
            connection.request("POST", request.path, request.body, dict(request.headers))
            answer = connection.getresponse()
            content = answer.read()
            waits.append(time.perf_counter() - begin)
            if answer.status != request.status:
                raise RefusedError(f"{answer.status} {content.decode(errors='replace')}")
    return waits
