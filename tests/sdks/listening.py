"""Sockets for the servers that tests put beside the local cloud."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from local.settings import HOST


@contextmanager
def listen(scheme: str = "http") -> Iterator[tuple[socket.socket, str]]:
    """Yield a socket on a free port of this machine, and the URL of who serves on it."""
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        yield bound, f"{scheme}://{HOST}:{bound.getsockname()[1]}"
