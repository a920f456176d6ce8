"""Launches fresh interpreters, each for one cold start."""

import json
import marshal
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore import xform_name

from bench.cold_start.first_invocations import FirstInvocation
from footfall.aws.clients import CONFIG
from infra.pythons import Python

_SCRIPT = Path(__file__).with_name("launch.py")
_LAMBDA = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "PATH": os.defpath,
    "PYTHONDONTWRITEBYTECODE": "1",  # Lambda mounts code read-only
}
_CONFIGURED = (
    *("connect_timeout", "read_timeout", "retries"),
    *("parameter_validation", "user_agent"),
)
"""What our clients do otherwise than botocore by itself; the floor's do the same."""

_AS_LAMBDA_FINDS_MODULES = ("-S", "-P")
"""Nothing that is installed beside it, and nothing of the script's directory."""


@dataclass(frozen=True, slots=True)
class Launch:
    """One cold start, in milliseconds of the processor, or of the clock.

    Attributes:
        start: until the handler is imported, and the clients are made.
        first_invocation: until it has answered.
    """

    start: float
    first_invocation: float

    @property
    def whole(self) -> float:
        """Both together."""
        return self.start + self.first_invocation


@dataclass(frozen=True, slots=True)
class Times:
    """One cold start, by both clocks."""

    cpu: Launch
    wall: Launch


def launch_function(
    python: Python, function: str, first: FirstInvocation, path: Sequence[str]
) -> Times:
    """Start a function, and hand it its first event."""
    return _times(_launch(python, first, path, f"{function}.handler"))


def launch_clients(python: Python, first: FirstInvocation, path: Sequence[str]) -> Times:
    """Make the clients of a function's first invocation, and its calls, and nothing else."""
    return _times(_launch(python, first, path, None))


def import_times(
    python: Python, first: FirstInvocation, path: Sequence[str], handler: str | None
) -> str:
    """Return what `-X importtime` says of a cold start."""
    return _launch(python, first, path, handler, "-X", "importtime").stderr


def _launch(
    python: Python,
    first: FirstInvocation,
    path: Sequence[str],
    handler: str | None,
    *options: str,
) -> "subprocess.CompletedProcess[str]":
    asked = {
        "path": list(path),
        "handler": handler,
        "event": _plain(first.event),
        "calls": [
            (service, xform_name(operation), _plain(parameters))
            for service, operation, parameters in first.calls
        ],
        "config": {name: getattr(CONFIG, name) for name in _CONFIGURED},
        "answers": [(status, dict(headers), content) for status, headers, content in first.answers],
    }
    finished = subprocess.run(  # noqa: S603 - the command is ours, word for word
        [*python.command, *_AS_LAMBDA_FINDS_MODULES, *options, str(_SCRIPT)],
        input=marshal.dumps(asked),
        env={**_LAMBDA, **first.settings},
        capture_output=True,
        check=False,
    )
    output, errors = finished.stdout.decode(), finished.stderr.decode()
    if finished.returncode:
        raise ChildProcessError(errors)
    return subprocess.CompletedProcess(finished.args, 0, output, errors)


def _times(finished: "subprocess.CompletedProcess[str]") -> Times:
    told: Mapping[str, Mapping[str, float]] = json.loads(finished.stdout.splitlines()[-1])
    cpu, wall = (
        Launch(told["start"][clock], told["firstInvocation"][clock]) for clock in ("cpu", "wall")
    )
    return Times(cpu, wall)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON has, and bytes
    """Return the value without classes that a Python without our modules does not know."""
    match value:
        case Mapping():
            return {str(name): _plain(one) for name, one in value.items()}
        case str():
            return str(value)
        case bytes() | bool() | int() | float() | None:
            return value
        case datetime():
            return value.timestamp()
        case _:
            return [_plain(one) for one in value]
