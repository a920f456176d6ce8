"""Runs schemathesis over docs/openapi.json, and reads what it found."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
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
class Target:
    """What it sends its requests to, as whom, and which of all possible ones."""

    url: str
    api_key: str
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What schemathesis found.

    Attributes:
        tested: how many operations were tested.
        statuses: by operation, how often each status was answered.
        failures: each kind of failure, with its operations.
        log: what it told, with a request for each failure.
    """

    tested: int
    test_cases: int
    statuses: Mapping[str, Mapping[str, int]]
    failures: Mapping[str, Any]
    log: str


class Schemathesis:
    """A run in the background.

    Args:
        directory: for what it writes, made by this.
        filters: which operations it is about, as its command line says it.
    """

    def __init__(
        self, directory: Path, target: Target, filters: Sequence[str], seconds: int
    ) -> None:
        directory.mkdir()
        self._report = directory / "report.json"
        self._counts = directory / "counts.json"
        self._log = directory / "schemathesis.log"
        self._seconds = seconds
        command: list[str] = [
            str(ENVIRONMENT / "bin" / "schemathesis"),
            *("--config-file", str(_CONFIG), "run", str(DOCUMENT), *filters),
            *("--url", target.url, "--seed", str(target.seed)),
            *("--header", f"Authorization: Bearer {target.api_key}", "--checks", ",".join(_CHECKS)),
            *("--max-time", str(seconds), "--request-timeout", str(_SECONDS_TO_ANSWER)),
            *("--generation-database", "none", "--no-color"),
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
            tested=report["operations"]["tested"],
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
