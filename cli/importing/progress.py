"""The progress bar of an import: how far, how many events, how fast, how long still."""

import time
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from cli.importing.checkpoint import Position
from cli.importing.sending import Outcome
from cli.screen import counted

_REJECTIONS_SHOWN = 10


class ImportProgress:
    """Shows an import at work; the bar follows the bytes of the file, so it need not be counted."""

    def __init__(self, path: Path, start: Position, console: Console) -> None:
        self._start = start
        self._begin = time.monotonic()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[events]}"),
            TextColumn("{task.fields[rate]}", style="cyan"),
            TimeRemainingColumn(compact=True),
            console=console,
        )
        self._task = self._progress.add_task(
            escape(path.name),
            completed=start.end,
            total=path.stat().st_size,
            events="",
            rate="",
        )

    def __enter__(self) -> Self:
        """Draw the bar."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the bar as it is."""
        self._progress.stop()

    def advance(self, outcome: Outcome, position: Position) -> None:
        """Show the rows that are done, and the first few that were refused."""
        refused_before = position.rejected - len(outcome.rejections)
        for count, rejection in enumerate(outcome.rejections, start=refused_before + 1):
            if count <= _REJECTIONS_SHOWN:
                line = Text(f"Line {rejection.row.line}: ", style="yellow")
                self._progress.console.print(line.append("; ".join(rejection.reasons), style=""))
            elif count == _REJECTIONS_SHOWN + 1:
                self._progress.console.print(Text("More rows are refused.", style="yellow"))
        seconds = max(time.monotonic() - self._begin, 0.001)
        rows = position.rows - self._start.rows
        self._progress.update(
            self._task,
            completed=position.end,
            events=counted(position.rows, "row"),
            rate=f"{rows / seconds:,.0f}/s",
        )
