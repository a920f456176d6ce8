"""Waits until segments are live, and shows how far each of them is."""

import asyncio
from collections.abc import Collection

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.screen import console
from cli.segment_api import SegmentApi, StoredSegment

_SECONDS_BETWEEN_LOOKS = 1.0


async def wait_until_live(api: SegmentApi, segment_ids: Collection[str]) -> None:
    """Return when none of the segments is building any more."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[customers]}"),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        tasks: dict[str, TaskID] = {}
        while building := await _building(api, segment_ids):
            for segment in building:
                key = segment.segment_id
                if key not in tasks:
                    tasks[key] = progress.add_task(key, total=None, customers="")
                progress.update(
                    tasks[key],
                    completed=segment.done or 0,
                    total=segment.total or None,
                    customers=progress_text(segment),
                )
            _finish(progress, tasks, {segment.segment_id for segment in building})
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        _finish(progress, tasks, ())
    console.print("[green]Live.[/]")


def progress_text(segment: StoredSegment) -> str:
    """Return how far a segment is that is being built: `1,200 of 5,000 customers`."""
    if segment.done is None or segment.total is None:
        return ""
    return f"{segment.done:,} of {segment.total:,} customers"


async def _building(api: SegmentApi, segment_ids: Collection[str]) -> list[StoredSegment]:
    return [
        segment
        for segment in await api.every()
        if segment.is_building and segment.segment_id in segment_ids
    ]


def _finish(progress: Progress, tasks: dict[str, TaskID], building: Collection[str]) -> None:
    """Fill the bars of those that are live now."""
    for key in [key for key in tasks if key not in building]:
        progress.update(tasks.pop(key), completed=1, total=1, customers="live")
