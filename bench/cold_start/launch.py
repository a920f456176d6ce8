"""What one fresh interpreter does: a function's cold start, or that of its clients alone.

A script, run by the Python that is measured; it imports nothing that what it measures needs, but
for what every process of Lambda has imported by itself.
"""

# ruff: noqa: PLC0415 - what is imported, and when, is what is measured

import json
import marshal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any


def main() -> None:
    """Start and invoke what standard input asks for; tell how many milliseconds both took."""
    asked = marshal.load(sys.stdin.buffer)  # noqa: S302 - from the process that started this one
    sys.path[:0] = asked["path"]
    start = _start_function if asked["handler"] else _start_clients
    begun = _now()
    invoke = start(asked)
    started = _now()
    _answer_with(asked["answers"])
    ready = _now()
    invoke()
    ended = _now()
    if asked["answers"]:
        sys.exit("it asks AWS for less than was recorded")
    told = {"start": _between(begun, started), "firstInvocation": _between(ready, ended)}
    sys.stdout.write(f"\n{json.dumps(told)}\n")


def _now() -> tuple[int, int]:
    return time.process_time_ns(), time.perf_counter_ns()


def _between(before: tuple[int, int], after: tuple[int, int]) -> Mapping[str, float]:
    return {"cpu": (after[0] - before[0]) / 1e6, "wall": (after[1] - before[1]) / 1e6}


def _start_function(asked: Mapping[str, Any]) -> Callable[[], object]:
    from importlib import import_module

    handler = import_module(asked["handler"]).handler
    return lambda: handler(asked["event"], _Context())


def _start_clients(asked: Mapping[str, Any]) -> Callable[[], object]:
    """Make the clients that the function's calls need, configured as the function's are."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError

    config = Config(**asked["config"])
    make: Callable[..., Any] = boto3.client
    services = dict.fromkeys(service for service, _, _ in asked["calls"])
    clients = {service: make(service, config=config) for service in services}

    def call_all() -> None:
        for service, method, parameters in asked["calls"]:
            try:
                getattr(clients[service], method)(**parameters)
            except ClientError:
                continue  # a condition that did not hold does so again

    return call_all


def _answer_with(answers: list[tuple[int, Mapping[str, str], bytes]]) -> None:
    """Let every request be answered with what was recorded, and none leave this process."""
    from io import BytesIO

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.compat import HTTPHeaders
    from botocore.httpsession import URLLib3Session

    class Body(BytesIO):
        """A body as urllib3 has it."""

        def stream(self) -> Iterator[bytes]:
            """Return the whole body."""
            yield self.read()

    def answer(_session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        status, headers, content = answers.pop(0)
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), Body(content))

    setattr(URLLib3Session, "send", answer)  # noqa: B010 - mypy knows no assigning to a method


class _Context:
    """What Lambda tells a function about its time."""

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


if __name__ == "__main__":
    main()
