"""Fuzzes the running stack and, at the same time, every parser: `make fuzz`, FUZZ_MINUTES=10."""

import os
import sys
from collections.abc import Mapping
from typing import Any

from bench.fuzzing.limits import findings_of
from bench.fuzzing.parsing import fuzz_parsers
from bench.fuzzing.stack.run import fuzz_stack
from bench.fuzzing.stack.tool import ENVIRONMENT

_DEFAULT_MINUTES = "10"
_SECONDS_OF_A_MINUTE = 60


def measure() -> Mapping[str, Any]:
    """Return how many inputs were sent, what broke, and whether anything went on growing.

    Raises:
        SystemExit: when schemathesis is not installed, or the minutes are no number.
    """
    if not ENVIRONMENT.exists():
        raise SystemExit("Schemathesis is not installed; `make fuzz` installs it.")
    minutes = os.environ.get("FUZZ_MINUTES", _DEFAULT_MINUTES)
    if not minutes.isdecimal() or int(minutes) < 1:
        raise SystemExit(f"FUZZ_MINUTES is {minutes!r}, which is no number of minutes.")
    seconds = int(minutes) * _SECONDS_OF_A_MINUTE
    parsers: dict[str, Any] = {}
    stack = fuzz_stack(seconds, lambda: parsers.update(fuzz_parsers(seconds, _tell)))
    results = {"minutes": int(minutes), "stack": stack, "parsers": parsers}
    for finding in findings_of(results):
        _tell(f"FOUND {finding}")
    return results


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
