"""What the scripts have in common: calls in on standard input, what came of them out."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any


@dataclass(frozen=True)
class Task:
    """What a script is to do.

    Attributes:
        url: the root of the API.
        host: where the API answers over TLS, for the SDKs that speak nothing else.
        port: its port.
        key: the API key, in the place that the SDK has for one.
        calls: the method of each call, such as `Events.create_event`, its positional arguments
            and its named ones.
    """

    url: str
    host: str
    port: int
    key: str
    calls: list[tuple[str, list[Any], dict[str, Any]]]


def read_task() -> Task:
    """Return the task that stands on standard input."""
    return Task(**json.load(sys.stdin))


def call(client: object, task: Task) -> Iterator[Any]:
    """Make the calls, and yield what each returns."""
    for method, arguments, named in task.calls:
        yield attrgetter(method)(client)(*arguments, **named)


def tell(work: Callable[[], Iterable[object]]) -> None:
    """Do the work, and tell on standard output what was returned, and the error that ended it."""
    returned: list[object] = []
    error: dict[str, object] | None = None
    try:
        returned.extend(work())
    except Exception as raised:  # noqa: BLE001 - whatever an SDK raises is what is asked for
        error = {
            "type": type(raised).__name__,
            "text": str(raised),
            "status": getattr(raised, "status", None),
            "body": getattr(raised, "body", None),
        }
    json.dump({"returned": returned, "error": error}, sys.stdout, default=_plain)


def _plain(value: object) -> object:
    """Return what JSON can say of the models and dates that SDKs return."""
    to_dict = getattr(value, "to_dict", None)
    return to_dict() if to_dict else str(value)
