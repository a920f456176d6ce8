"""Clients that queue their calls, send them from a thread and tell errors to a function."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.sdks.python.calls import Task, call


def call_and_flush(new_client: Callable[..., Any], task: Task) -> Iterator[object]:
    """Make the calls, wait until the client has given them away, and raise its first error."""
    errors: list[Exception] = []
    client = new_client(task.key, host=task.url, on_error=lambda error, _: errors.append(error))
    for accepted, _ in call(client, task):
        yield accepted
    client.flush()
    client.join()
    if errors:
        raise errors[0]
