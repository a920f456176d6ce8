"""How the command looks: its console, its tables and its hints."""

import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_PIPED_WIDTH = 240

console = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, or, on a screen too narrow for it, each row as a block of lines.

    Nothing is cut or folded: people copy ids.
    """
    records = list(rows)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for record in records:
        table.add_row(*map(Text, record))
    unbounded = console.options.update(width=_PIPED_WIDTH)
    if console.measure(table, options=unbounded).maximum <= console.width:
        console.print(table)
    else:
        _print_blocks(columns, records)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 event`, `6,919 events`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def print_hint(text: str) -> None:
    """Print what the reader may want to do next."""
    console.print(Text(text, style="dim"), soft_wrap=True)


def _print_blocks(columns: Sequence[str], records: Sequence[Sequence[str]]) -> None:
    for record in records:
        block = Table.grid(padding=(0, 2))
        block.add_column(style="bold", no_wrap=True)
        for column, cell in zip(columns, record, strict=True):
            block.add_row(column, Text(cell))
        console.print(block)
        console.print()
