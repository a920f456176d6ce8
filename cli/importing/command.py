"""The command itself: its options, and what is said in the end."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cli.api import read_access
from cli.importing.checkpoint import Checkpoint, Position, import_key
from cli.importing.file_import import import_file
from cli.importing.rejects import RejectsFile
from cli.importing.rows import UnreadableFileError
from cli.importing.source import Source
from cli.options import ApiKeyOption, StackOption, StoreOption, UrlOption
from cli.screen import console, counted, print_hint
from local.state import STATE

_INTERRUPTED_EXIT_CODE = 130
_FORMATS = {".csv", ".jsonl"}


def import_events(  # noqa: PLR0913  one parameter for each option
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A .csv or .jsonl file."),
    ],
    *,
    event_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The event of rows that name none.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The currency of values that name none.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=PATH",
            help="What a CSV column is, such as 'Total=value' or 'Size=data.size:number'.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Takes the refused rows.", show_default="<FILE>.rejected.<suffix>"
        ),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Remembers an interrupted import.", show_default="in .local/"
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin at the first row, whatever was done before.")
    ] = False,
    url: UrlOption = None,
    store: StoreOption = None,
    api_key: ApiKeyOption = None,
    stack: StackOption = None,
) -> None:
    """Import events from a file. Safe to run twice; an interrupted import goes on where it was.

    JSONL holds one event of the API on every line. CSV has a header row that names the parts of an
    event:

    - `eventName`, `eventTimestamp`, `value`, `valueCurrency`, `uniqueId`
    - `customer.id`, `customer.email`, `customer.phoneNumber`, `customer.firstName`,
      `customer.lastName`, `customer.location.city` and the like, `customer.customFields.NAME`
    - `data.NAME`, `data.$extra.NAME`

    Cells are text, and empty ones say nothing; headings that end in `:number` or `:boolean` say
    otherwise, and `value` is a number. Rows without a uniqueId get one from the file and the row.

    CSV as Customer.io takes it works as it is: `_cio_name`, `_cio_customer_id` (an id or an e-mail
    address), perhaps `_cio_timestamp`, and one column for each property.
    """
    source = Source(path, event_name, currency, _read_mapping(mapping or []))
    access = read_access(stack, url, store, api_key)
    key = import_key(source.fingerprint(), access.url, access.store_id)
    memory = Checkpoint(checkpoint or STATE / "imports" / f"{key}.json", key)
    if fresh:
        memory.clear()
    rejects_file = RejectsFile(rejects or path.with_suffix(f".rejected{path.suffix}"), source)
    _begin(path, memory.load(), rejects_file.path)
    try:
        end = asyncio.run(import_file(source, access, memory, rejects_file, console))
    except KeyboardInterrupt:
        done = memory.load().rows
        console.print(
            f"Interrupted after {counted(done, 'row')}; the same command goes on from there."
        )
        raise typer.Exit(_INTERRUPTED_EXIT_CODE) from None
    console.print(f"[green]{counted(end.accepted, 'event')} accepted.[/]")
    if end.rejected:
        refused = f"[yellow]{counted(end.rejected, 'row')} refused[/]"
        console.print(f"{refused}, kept in {escape(str(rejects_file.path))}", soft_wrap=True)
        print_hint("Correct them there, and import that file.")
        raise typer.Exit(1)


def _begin(path: Path, start: Position, rejects: Path) -> None:
    if path.suffix.lower() not in _FORMATS:
        raise UnreadableFileError(f"{path.name} is neither .csv nor .jsonl.")
    if start.rows:
        console.print(f"Going on after row {start.rows:,}, where the last import was interrupted.")
    elif rejects.exists():
        raise UnreadableFileError(
            f"{rejects} holds the refused rows of an earlier import: import or move it first,"
            " or name another file with --rejects."
        )


def _read_mapping(options: Sequence[str]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    for option, (_, sign, _) in zip(options, pairs, strict=True):
        if not sign:
            raise typer.BadParameter(f"{option!r} has no '='.", param_hint="--map")
    return {column: path for column, _, path in pairs}
