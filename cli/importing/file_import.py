"""One import, from the first row that is not done yet to the last."""

from contextlib import closing
from itertools import islice

from rich.console import Console

from cli.api import Access, store_api
from cli.importing.checkpoint import Checkpoint, Position
from cli.importing.progress import ImportProgress
from cli.importing.reading import read_rows
from cli.importing.rejects import RejectsFile
from cli.importing.sending import Outcome, send_rows
from cli.importing.source import Source

_REQUESTS_PER_SECOND = 90
"""A little under the 100 that the usage plan gives each store."""

_ATTEMPTS = 10
"""With growing waits, this outlasts a deployment or a short loss of the network."""


async def import_file(
    source: Source,
    access: Access,
    checkpoint: Checkpoint,
    rejects: RejectsFile,
    console: Console,
) -> Position:
    """Send the rows of the file from the checkpoint on, and return what became of them all.

    Raises:
        ApiError: when the API cannot be used any more; the checkpoint stays for the next run.
        UnreadableFileError: when the file as a whole cannot be imported.
        UnknownColumnError: when a column names no part of an event.
    """
    position = start = checkpoint.load()
    with ImportProgress(source.path, start, console) as progress:

        def settle(outcome: Outcome) -> None:
            nonlocal position
            rejects.append(outcome.rejections)
            position = Position(
                rows=outcome.rows[-1].number,
                end=outcome.rows[-1].end,
                accepted=position.accepted + outcome.accepted,
                rejected=position.rejected + len(outcome.rejections),
            )
            checkpoint.save(position)
            progress.advance(outcome, position)

        async with store_api(access, _REQUESTS_PER_SECOND, _ATTEMPTS) as api:
            with closing(read_rows(source)) as rows:
                await send_rows(islice(rows, start.rows, None), api, settle)
    checkpoint.clear()
    return position
