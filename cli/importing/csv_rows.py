"""The rows of a CSV file: a header row, and one event in every row; empty cells say nothing."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from cli.importing.columns import CellError, Column, read_columns
from cli.importing.customerio_rows import customerio_paths, is_customerio, settle_rows
from cli.importing.rows import ReadRow, UnreadableFileError
from cli.importing.source import Source
from footfall.domain.limits import MAX_EVENT_BYTES
from footfall.domain.values import JsonValue

if TYPE_CHECKING:
    import _csv


def read_csv(lines: Iterable[str], source: Source) -> Iterator[ReadRow]:
    """Yield the rows of the file.

    Raises:
        UnreadableFileError: when there is no header row, or no column can name the event or its
            customer.
        UnknownColumnError: when a column names no part of an event.
    """
    csv.field_size_limit(MAX_EVENT_BYTES)
    reader = csv.reader(lines)
    rows = _numbered(reader)
    _, headings = next(rows, (1, []))
    if not isinstance(headings, list):
        raise UnreadableFileError(f"The header row is no CSV: {headings}.")
    if not headings:
        raise UnreadableFileError("The file has no header row.")
    if is_customerio(headings):
        columns = read_columns(headings, {**customerio_paths(headings), **source.mapping})
        read = settle_rows(_read_rows(rows, columns))
    else:
        columns = read_columns(headings, source.mapping)
        read = _read_rows(rows, columns)
    _check_essentials(columns, source)
    yield from read


def _read_rows(
    rows: Iterator[tuple[int, list[str] | csv.Error]], columns: Sequence[Column]
) -> Iterator[ReadRow]:
    for line, cells in rows:
        if isinstance(cells, csv.Error):
            yield ReadRow(line, (), faults=(f"no CSV: {cells}",))
        elif cells:
            yield _read_cells(line, cells, columns)


def _numbered(reader: "_csv.Reader") -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield the rows with the lines where they begin; an error is a row, and the next goes on."""
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error


def _check_essentials(columns: Sequence[Column], source: Source) -> None:
    paths = {".".join(column.path) for column in columns}
    if "eventName" not in paths and source.event_name is None:
        raise UnreadableFileError("No column is eventName: say what happened with --event-name.")
    if not paths & {"customer.id", "customer.email", "customer.phoneNumber"}:
        raise UnreadableFileError(
            "No column is customer.id, customer.email or customer.phoneNumber: map one with --map."
        )


def _read_cells(line: int, cells: Sequence[str], columns: Sequence[Column]) -> ReadRow:
    if len(cells) != len(columns):
        fault = f"{len(cells)} cells under {len(columns)} headings (is a quotation mark left open?)"
        return ReadRow(line, cells, faults=(fault,))
    event: dict[str, JsonValue] = {}
    faults = []
    for column, cell in zip(columns, cells, strict=True):
        if not (cell and column.path):
            continue
        try:
            _put(event, column.path, column.read(cell))
        except CellError as error:
            faults.append(str(error))
    return ReadRow(line, cells, faults=tuple(faults)) if faults else ReadRow(line, cells, event)


def _put(event: dict[str, JsonValue], path: Sequence[str], value: JsonValue) -> None:
    *parents, name = path
    for parent in parents:
        event = cast("dict[str, JsonValue]", event.setdefault(parent, {}))
    event[name] = value
