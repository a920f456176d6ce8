"""Opens a file and reads its rows, whatever its format."""

from collections.abc import Generator

from cli.importing.csv_rows import read_csv
from cli.importing.jsonl_rows import read_jsonl
from cli.importing.rows import Lines, Row, number_rows
from cli.importing.source import Source


def read_rows(source: Source) -> Generator[Row, None, None]:
    """Yield the rows of the file, in order; it stays open until the generator is closed.

    Raises:
        UnreadableFileError: when the file as a whole cannot be imported.
        UnknownColumnError: when a column names no part of an event.
    """
    with source.path.open("rb") as file:
        lines = Lines(file)
        rows = read_csv(lines, source) if source.is_csv else read_jsonl(lines)
        yield from number_rows(rows, lines, source)
