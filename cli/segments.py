"""`footfall segments`: definitions as files in git, and who is in and out, live."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli.api import Access, read_access
from cli.cloud import Output, open_cloud
from cli.options import ApiKeyOption, StackOption, StoreOption, UrlOption
from cli.screen import console, print_hint, print_table
from cli.segment_api import StoredSegment, document_of
from cli.segment_applying import Wish, apply_files, segment_api
from cli.segment_files import FaultySegmentFilesError, read_files
from cli.segment_stream import ToldTransition, TransitionStream
from cli.segment_waiting import progress_text
from footfall.domain.strict_json import dump_indented_json

app = typer.Typer(no_args_is_help=True)

SegmentArgument = Annotated[str, typer.Argument(metavar="ID", help="The segment's id.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Delete without asking.")]


@app.command()
def apply(  # noqa: PLR0913  one parameter for each option
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER...", exists=True, help="Files, or folders of them."),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the difference, and change nothing.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete segments that are not in the folder.")
    ] = False,
    yes: YesOption = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until every customer is decided.")
    ] = False,
    url: UrlOption = None,
    store: StoreOption = None,
    api_key: ApiKeyOption = None,
    stack: StackOption = None,
) -> None:
    """Make the store's segments what the files say. Safe to run again.

    A file holds one segment, `{"name": ..., "definition": ...}`, and is called by the segment's id:
    `vip.json`. All files are checked before anything is sent.
    """
    if prune and not all(path.is_dir() for path in paths):
        raise typer.BadParameter("A single file does not tell what else is wanted: name folders.")
    with _listed_faults():
        files = read_files(paths)
        access = read_access(stack, url, store, api_key)
        wish = Wish(dry_run=dry_run, prune=prune, sure=yes, wait=wait)
        asyncio.run(apply_files(access, files, wish))


@app.command("list")
def show_all(
    url: UrlOption = None,
    store: StoreOption = None,
    api_key: ApiKeyOption = None,
    stack: StackOption = None,
) -> None:
    """List the segments of a store."""
    segments = asyncio.run(_every(read_access(stack, url, store, api_key)))
    if not segments:
        print_hint("No segment yet: footfall segments apply FOLDER")
        return
    print_table(
        ("Segment", "Name", "Status", "Members", "Version"),
        [(one.segment_id, one.name, _status(one), _members(one), one.version) for one in segments],
    )


@app.command()
def show(
    segment_id: SegmentArgument,
    url: UrlOption = None,
    store: StoreOption = None,
    api_key: ApiKeyOption = None,
    stack: StackOption = None,
) -> None:
    """Show a segment with its definition."""
    segment = asyncio.run(_find(read_access(stack, url, store, api_key), segment_id))
    for label, value in (
        ("Segment", segment.segment_id),
        ("Name", segment.name),
        ("Status", _status(segment)),
        ("Members", _members(segment)),
        ("Version", segment.version),
        ("Created", segment.created_at),
        ("Updated", segment.updated_at),
    ):
        console.print(Text.assemble((f"{label:9}", "bold"), value), soft_wrap=True)
    console.print(Text(dump_indented_json(document_of(segment.definition))), soft_wrap=True)


@app.command()
def members(
    segment_id: SegmentArgument,
    url: UrlOption = None,
    store: StoreOption = None,
    api_key: ApiKeyOption = None,
    stack: StackOption = None,
) -> None:
    """Print the customers that are in a segment: a line each, with the instant since when."""
    asyncio.run(_print_members(read_access(stack, url, store, api_key), segment_id))


@app.command()
def delete(  # noqa: PLR0913  one parameter for each option
    segment_id: SegmentArgument,
    *,
    yes: YesOption = False,
    url: UrlOption = None,
    store: StoreOption = None,
    api_key: ApiKeyOption = None,
    stack: StackOption = None,
) -> None:
    """Delete a segment. Its members leave it first."""
    access = read_access(stack, url, store, api_key)
    if not yes:
        typer.confirm(f"Delete the segment {segment_id}?", abort=True)
    asyncio.run(_delete(access, segment_id))


@app.command()
def watch(
    segment_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only these segments.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="ID", help="Only customers of this store.")
    ] = None,
    stack: StackOption = None,
) -> None:
    """Show who enters and who leaves, as it is decided, from now on. Ends with Ctrl-C."""
    wanted = set(segment_ids or [])
    cloud = open_cloud(stack)
    stream = TransitionStream(cloud.output(Output.SEGMENT_STATES_STREAM_ARN))
    print_hint("Waiting for entries and exits; Ctrl-C ends it.")
    with suppress(KeyboardInterrupt):
        for transition in stream.follow():
            if store in {None, transition.store_id} and (
                not wanted or transition.segment_id in wanted
            ):
                _print_transition(transition)


@contextmanager
def _listed_faults() -> Iterator[None]:
    """Print every fault of the files before the command fails."""
    try:
        yield
    except FaultySegmentFilesError as error:
        for fault in error.faults:
            console.print(Text(str(fault), style="yellow"), soft_wrap=True)
        raise


async def _every(access: Access) -> list[StoredSegment]:
    async with segment_api(access) as api:
        return await api.every()


async def _find(access: Access, segment_id: str) -> StoredSegment:
    async with segment_api(access) as api:
        return await api.find(segment_id)


async def _delete(access: Access, segment_id: str) -> None:
    async with segment_api(access) as api:
        await api.delete(segment_id)
    console.print(Text(f"Segment {segment_id} is deleted: its members leave it now."))


async def _print_members(access: Access, segment_id: str) -> None:
    async with segment_api(access) as api:
        async for customer_id, since in api.members(segment_id):
            console.print(Text(f"{customer_id}  {since}"), soft_wrap=True)


def _status(segment: StoredSegment) -> str:
    return " ".join(filter(None, (segment.status, progress_text(segment))))


def _members(segment: StoredSegment) -> str:
    return "-" if segment.members is None else f"{segment.members:,}"


def _print_transition(transition: ToldTransition) -> None:
    verb, style = ("entered", "green") if transition.entered else ("exited", "yellow")
    happened = Text.assemble(
        (transition.decided_at, "cyan"),
        "  ",
        (f"{verb:7}", style),
        "  ",
        (transition.segment_id, "bold"),
    )
    parts = (
        happened,
        Text(f"store {transition.store_id}  customer {transition.customer_id}", style="dim"),
        Text(f"cause {transition.cause}  effective {transition.effective_at}", style="dim"),
    )
    fits = Text("  ").join(parts).cell_len <= console.width
    console.print(*parts, sep="  " if fits else "\n  ", soft_wrap=True)
