"""Feeds every parser in turn, each in a process of its own."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.fuzzing.parsers.catalogue import PARSERS

_ROOT = Path(__file__).parents[2]
_SECONDS_BESIDE = 300.0
"""To start, to end a round that has begun, and to feed the latest inputs again often enough."""


def fuzz_parsers(seconds: float, tell: Callable[[str], None]) -> dict[str, Any]:
    """Feed all parsers for so many seconds together; return the outcome of each."""
    outcomes = {}
    shares = sum(parser.share for parser in PARSERS.values())
    with tempfile.TemporaryDirectory(prefix="footfall-fuzzing-") as directory:
        for name, parser in PARSERS.items():
            own = seconds * parser.share / shares
            outcome = _fuzz(name, own, Path(directory) / "outcome.json")
            outcomes[name] = outcome
            tell(f"{name}: {outcome['examples']:,} inputs, {len(outcome['findings'])} findings")
    return outcomes


def _fuzz(name: str, seconds: float, file: Path) -> Mapping[str, Any]:
    """Feed one parser; a process that does not end, or ends badly, is a finding as well."""
    file.unlink(missing_ok=True)
    seed = secrets.randbits(32)
    command = [sys.executable, "-m", "bench.fuzzing.hunt", name, str(seconds), str(seed), str(file)]
    path = os.pathsep.join(["functions", ".", os.environ.get("PYTHONPATH", "")])
    environ = os.environ | {"PYTHONPATH": path}
    try:
        ended = subprocess.run(  # noqa: S603 - the command is our own
            command,
            cwd=_ROOT,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds + _SECONDS_BESIDE,
            check=False,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return _broken(seed, "the process hangs", "it does not end")
    if not file.exists():
        return _broken(seed, f"the process ended with {ended.returncode}", ended.stderr[-2_000:])
    outcome: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {"seed": seed, **outcome}


def _broken(seed: int, finding: str, told: str) -> Mapping[str, Any]:
    nothing = {"begin": 0.0, "middle": 0.0, "end": 0.0, "growth": 0.0}
    return {
        "seed": seed,
        "examples": 0,
        "taken": 0,
        "slowestSeconds": 0.0,
        "peak": 0.0,
        "memory": nothing,
        "findings": {finding: told},
    }
