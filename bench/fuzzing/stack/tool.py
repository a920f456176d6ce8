"""Runs schemathesis over docs/openapi.json, and reads what it found."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi.document import PATH as DOCUMENT

ENVIRONMENT = Path(__file__).parents[3] / ".venv-fuzz"
_ROOT = Path(__file__).parents[3]
_CONFIG = Path(__file__).with_name("schemathesis.toml")
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "body_as_described",
)
_SECONDS_TO_ANSWER = 29
"""What API Gateway waits; an answer that takes longer hangs."""

_SECONDS_TO_END = 120
_SHOWN_CHARACTERS = 20_000


class ToolError(Exception):
    """Schemathesis did not do its work; the message is what it said last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What schemathesis found.

    Attributes:
        operations: how many the document has, and how many were tested.
        statuses: by operation, how often each status was answered.
        failures: each kind of failure, with its operations.
        log: what it told, with a request for each failure.
    """

    operations: Mapping[str, int]
    test_cases: int
    statuses: Mapping[str, Mapping[str, int]]
    failures: Mapping[str, Any]
    log: str


class Schemathesis:
    """A run in the background.

    Args:
        directory: for what it writes.
    """

    def __init__(self, directory: Path, url: str, api_key: str, seconds: int, seed: int) -> None:
        self._report = directory / "report.json"
        self._counts = directory / "counts.json"
        self._log = directory / "schemathesis.log"
        self._seconds = seconds
        command: list[str] = [
            str(ENVIRONMENT / "bin" / "schemathesis"),
            *("--config-file", str(_CONFIG), "run", str(DOCUMENT), "--url", url),
            *("--header", f"Authorization: Bearer {api_key}", "--checks", ",".join(_CHECKS)),
            *("--max-time", str(seconds), "--request-timeout", str(_SECONDS_TO_ANSWER)),
            *("--seed", str(seed), "--generation-database", "none", "--no-color"),
            *("--report", "json", "--report-json-path", str(self._report)),
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the command is our own
                command,
                cwd=directory,
                env=os.environ
                | {
                    "PYTHONPATH": str(_ROOT),
                    "SCHEMATHESIS_HOOKS": "bench.fuzzing.stack.hooks",
                    "FUZZING_COUNTS": str(self._counts),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def outcome(self) -> Outcome:
        """Wait for the end, and return what was found.

        Raises:
            ToolError: when it ends without a report, or does not end.
        """
        try:
            self._process.wait(self._seconds + _SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.stop()
            raise ToolError(f"schemathesis does not end:\n{self._told()}") from None
        if not self._report.exists():
            raise ToolError(f"schemathesis failed:\n{self._told()}")
        report = json.loads(self._report.read_text(encoding="utf-8"))
        counts = self._counts.read_text(encoding="utf-8") if self._counts.exists() else "{}"
        failures = {one["title"]: one["operations"] for one in report["failures"]}
        errors = {one.get("title", "error"): [one] for one in report["errors"]}
        return Outcome(
            operations={name: report["operations"][name] for name in ("total", "tested")},
            test_cases=report["test_cases"]["generated"],
            statuses=json.loads(counts),
            failures=failures | errors,
            log=self._told() if failures or errors else "",
        )

    def stop(self) -> None:
        """End the run, if it is not over."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait()

    def _told(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-_SHOWN_CHARACTERS:]
