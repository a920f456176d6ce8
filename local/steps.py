"""Runs the steps that start the cloud: a line that moves, a log for each, one clear error."""

import os
import signal
import subprocess
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.status import Status

_SECONDS_TO_STOP = 60
_LOG_LINES_SHOWN = 15


class StepFailedError(Exception):
    """A step could not be done; the message names it and its log."""

    def __init__(self, title: str, log: Path) -> None:
        super().__init__(f"{title} failed; the log is {log}")
        self.log = log

    def last_lines(self) -> str:
        """Return the end of the log, where the cause usually stands."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LOG_LINES_SHOWN:])


class CommandFailedError(Exception):
    """A command ended with an error; its words are in the log of its step."""


class Step:
    """One step at work: it can tell how far it is, write to its log and run commands."""

    def __init__(self, title: str, status: Status, log: TextIO) -> None:
        self._title = title
        self._status = status
        self.log = log

    def tell(self, detail: str) -> None:
        """Show a detail behind the step's title."""
        self._status.update(f"{self._title}: {detail}")

    def run(
        self,
        command: Sequence[str | Path],
        *,
        directory: Path,
        environ: Mapping[str, str],
        on_line: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Run a command to its end; its output goes to the log, and line by line to `on_line`.

        Raises:
            CommandFailedError: when its exit code is not 0.
        """
        with subprocess.Popen(
            command,
            cwd=directory,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:
            try:
                for line in process.stdout or ():
                    self.log.write(line)
                    self.log.flush()
                    on_line(line)
            except BaseException:
                stop_process_group(process)
                raise
        if process.returncode:
            raise CommandFailedError(f"{command[0]} ended with exit code {process.returncode}")


class Steps:
    """The steps of a start, shown on a console."""

    def __init__(self, console: Console, logs: Path) -> None:
        self._console = console
        self._logs = logs

    @contextmanager
    def step(self, title: str, log_name: str) -> Iterator[Step]:
        """Show the title while the block runs, and a check mark after it.

        Raises:
            StepFailedError: when the block fails; the cause goes to the log.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        path = self._logs / f"{log_name}.log"
        with path.open("w") as log, self._console.status(title) as status:
            try:
                yield Step(title, status, log)
            except Exception as error:
                if not isinstance(error, CommandFailedError):
                    traceback.print_exception(error, file=log)
                raise StepFailedError(title, path) from error
        self._console.print(f"[green]✓[/] {title}")


def stop_process_group(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """End a process that leads a session of its own, and whatever it has started."""
    _signal_group(process.pid, signal.SIGTERM)
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # nobody is left, which is what was wanted
