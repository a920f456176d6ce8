"""Makes a store's segments what the files say: shows the difference, then sends only that."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import typer
from rich.text import Text

from cli.api import Access, store_api
from cli.screen import console, counted, print_hint
from cli.segment_api import SegmentApi, UnknownSegmentError
from cli.segment_files import SegmentFile
from cli.segment_plan import Plan, Step, make_plan
from cli.segment_waiting import wait_until_live

_REQUESTS_PER_SECOND = 10
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class Wish:
    """How files are to be applied.

    Attributes:
        dry_run: only show the difference.
        prune: delete what only the store has.
        sure: do not ask before something is deleted.
        wait: return when every customer is decided on the files' segments.
    """

    dry_run: bool
    prune: bool
    sure: bool
    wait: bool


@asynccontextmanager
async def segment_api(access: Access) -> AsyncIterator[SegmentApi]:
    """Open the segment routes of a store, and close the connections in the end."""
    async with store_api(access, _REQUESTS_PER_SECOND) as api:
        yield SegmentApi(api)


async def apply_files(access: Access, files: Sequence[SegmentFile], wish: Wish) -> None:
    """Show what differs between files and store, and unless it is a dry run, store it.

    Raises:
        FaultySegmentFilesError: when the files do not fit together, or not with the store.
        ApiError: when the API refuses; what was stored until then stays, and the next run goes on.
    """
    async with segment_api(access) as api:
        plan = make_plan(files, await api.every(), prune=wish.prune)
        _show(plan, wish)
        if wish.dry_run:
            print_hint("A dry run: nothing was changed.")
            return
        pruned = plan.strays if wish.prune else ()
        if pruned and not wish.sure:
            typer.confirm(f"Delete {counted(len(pruned), 'segment')}?", abort=True)
        for step in plan.steps:
            await api.put(step.file.segment_id, step.file.name, step.file.definition)
            console.print(Text.assemble(("Stored ", "green"), step.file.segment_id))
        for segment in pruned:
            try:
                await api.delete(segment.segment_id)
            except UnknownSegmentError:
                continue  # somebody else was faster
            console.print(Text.assemble(("Deleted ", "red"), segment.segment_id))
        if wish.wait:
            await wait_until_live(api, {file.segment_id for file in files})


def _show(plan: Plan, wish: Wish) -> None:
    for step in plan.steps:
        _show_step(step)
    for segment in plan.strays:
        fate = "delete  " if wish.prune else "not here"
        style = "bold red" if wish.prune else "dim"
        console.print(Text.assemble((fate, style), f"  {segment.segment_id}"), soft_wrap=True)
    if not (plan.steps or (plan.strays and wish.prune)):
        console.print(f"Nothing to do: {counted(len(plan.unchanged), 'segment')} as the files say.")
    elif plan.unchanged:
        console.print(f"{counted(len(plan.unchanged), 'segment')} unchanged.")
    if plan.strays and not wish.prune:
        print_hint("What is in the store, but not here, stays; --prune deletes it.")


def _show_step(step: Step) -> None:
    kind = "new     " if step.stored is None else "change  "
    line = Text.assemble((kind, "bold green"), f"  {step.file.segment_id}  {step.file.path}")
    console.print(line, soft_wrap=True)
    for text in step.difference():
        console.print(Text(f"    {text}", style=_DIFF_STYLES.get(text[0], "")), soft_wrap=True)
