"""Imports the sample twice into a store of its own, and checks every timeline after each time."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.api import Access, store_api
from cli.api_keys import create_key
from cli.backlog import requests_waiting
from cli.cloud import Cloud, open_cloud, read_local_file
from cli.failures import explained_failures
from cli.importing.checkpoint import Checkpoint
from cli.importing.file_import import import_file
from cli.importing.rejects import RejectsFile
from cli.importing.source import Source
from cli.screen import console, print_table
from cli.stores import create_store
from examples.cdnow.purchases import CURRENCY, EVENT_NAME, Purchase, read_purchases, write_csv
from examples.cdnow.timelines import read_timelines
from footfall.aws.api_keys import revoke_api_key
from footfall.domain.stores import Scope, key_hash
from footfall.settings import Setting, read_setting
from local.state import STATE

_FOLDER = STATE / "cdnow"
_STORE_ID = "cdnow"
_READS_PER_SECOND = 90
_ATTEMPTS = 10
_COLUMN_WIDTH = 12
_SECONDS_BETWEEN_LOOKS = 0.5


def main() -> None:
    """Import the purchases of CDNOW's customers, twice, and check their timelines each time."""
    with explained_failures(), _temporary_access(open_cloud(None)) as access:
        purchases = list(read_purchases())
        source = Source(_FOLDER / "purchases.csv", EVENT_NAME, CURRENCY)
        write_csv(purchases, source.path)
        console.rule("First import")
        first = _import_and_read(source, access, purchases)
        console.rule("Second import, which stores nothing")
        second = _import_and_read(source, access, purchases)
        console.rule()
        _report(purchases, [*first.values()], [*second.values()])
        if sorted(first.values(), key=_row) != purchases or first != second:
            console.print("[red]The timelines are not what the file says.[/]")
            raise typer.Exit(1)
        console.print("[green]Every timeline is exactly what the file says.[/]")


def _import_and_read(
    source: Source, access: Access, purchases: Sequence[Purchase]
) -> Mapping[str, Purchase]:
    checkpoint = Checkpoint(_FOLDER / "checkpoint.json", source.fingerprint())
    checkpoint.clear()
    rejects = RejectsFile(_FOLDER / "purchases.rejected.csv", source)
    asyncio.run(import_file(source, access, checkpoint, rejects, console))
    _wait_until_stored()
    customers = dict.fromkeys(purchase.customer for purchase in purchases)
    return asyncio.run(_read(list(customers), access))


async def _read(customers: Sequence[str], access: Access) -> Mapping[str, Purchase]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Timelines", total=len(customers))
        async with store_api(access, _READS_PER_SECOND, _ATTEMPTS) as api:
            return await read_timelines(customers, api, lambda: progress.advance(task))


@contextmanager
def _temporary_access(cloud: Cloud) -> Iterator[Access]:
    """Open the example's store with a key that is revoked in the end."""
    create_store(cloud, "CDNOW sample", _STORE_ID)
    scopes = (Scope.CUSTOMER_EVENTS_WRITE, Scope.CUSTOMERS_READ)
    api_key = create_key(cloud, _STORE_ID, "example", scopes)
    try:
        yield Access(str(read_local_file("stack.json")["url"]), _STORE_ID, api_key)
    finally:
        revoke_api_key(key_hash(api_key))


def _wait_until_stored() -> None:
    """Return once the events queue is empty: every accepted event is stored, or is dead."""
    with console.status("Waiting until the events are stored") as status:
        while waiting := requests_waiting(read_setting(Setting.EVENTS_QUEUE_URL)):
            status.update(f"Waiting until the events are stored: {waiting} requests to go")
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _report(*columns: Sequence[Purchase]) -> None:
    def row(title: str, measure: Callable[[Sequence[Purchase]], Decimal | int]) -> tuple[str, ...]:
        return (title, *(f"{measure(column):>{_COLUMN_WIDTH},}" for column in columns))

    print_table(
        ("", *(f"{title:>{_COLUMN_WIDTH}}" for title in ("File", "Stored", "Second time"))),
        [
            row("Events", len),
            row("Timelines", lambda column: len({one.customer for one in column})),
            row("US dollars", lambda column: sum(one.dollars for one in column)),
            row("CDs", lambda column: sum(one.cds for one in column)),
        ],
    )


def _row(purchase: Purchase) -> int:
    return purchase.row


if __name__ == "__main__":
    typer.run(main)
