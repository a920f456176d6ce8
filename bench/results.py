"""results.json: what each measure found, with its command, its day and the machine it ran on.

A measure that runs anew replaces its own part, and leaves those of the others alone.
"""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from bench.measures import command_of

Results: TypeAlias = Mapping[str, Any]
"""What a measure found, as JSON has it."""

RESULTS_FILE = Path(__file__).parent / "results.json"


def read_results() -> dict[str, Any]:
    """Return the part of each measure by its name; nothing, if nothing was measured yet."""
    if not RESULTS_FILE.exists():
        return {}
    stored: dict[str, Any] = json.loads(RESULTS_FILE.read_text(encoding="utf-8"))
    return stored


def keep_results(measure: str, results: Results) -> None:
    """Put what a measure found into the file."""
    part = {
        "command": command_of(measure),
        "measuredAt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "machine": _machine(),
        "results": results,
    }
    stored = dict(sorted((read_results() | {measure: part}).items()))
    RESULTS_FILE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _machine() -> Mapping[str, Any]:
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
