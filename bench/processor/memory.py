"""The memory that a function takes: to be there, and for one invocation."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.peak import peak_bytes
from bench.pipeline.playback import invoke_again, played_back
from bench.pipeline.recording import Invocation

_ROOT = Path(__file__).parents[2]
_SOURCES = ("functions", "layers/core/python")
_MEGABYTE = 1024 * 1024
_KILOBYTES_OF_MEGABYTE = 1024
_START = """
import {function}.handler
from footfall.aws.clients import dynamodb
dynamodb()
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmRSS:")))
"""


def peak_of(invocations: Sequence[Invocation]) -> float:
    """Return the most megabytes that one of the invocations had at a time, its answers among it."""
    return max(map(_peak, invocations))


def resident_at_start(function: str) -> float:
    """Return the resident megabytes of a new process with the function and its first client."""
    sources = os.pathsep.join(str(_ROOT / one) for one in _SOURCES)
    environment = os.environ | {"PYTHONPATH": sources, "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-c", _START.format(function=function)]
    printed = subprocess.run(  # noqa: S603 - this very interpreter
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout
    return int(printed) / _KILOBYTES_OF_MEGABYTE


def _peak(invocation: Invocation) -> float:
    with played_back([invocation]):
        return peak_bytes(lambda: invoke_again(invocation)) / _MEGABYTE
