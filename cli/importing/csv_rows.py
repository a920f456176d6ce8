"""The rows of a CSV file: a header row, and one event in every row; empty cells say nothing."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from cli.importing.columns import CellError, Column, read_columns
from cli.importing.rows import ReadRow, UnreadableFileError
from cli.importing.source import Source
from footfall.domain.limits import MAX_EVENT_BYTES
from footfall.domain.values import JsonValue


def read_csv(lines: Iterable[str], source: Source) -> Iterator[ReadRow]:
    """Yield the rows of the file.

    Raises:
        UnreadableFileError: when there is no header row, when no column can name the event or its
            customer, or when the text is no CSV at all.
        UnknownColumnError: when a column names no part of an event.
    """
    csv.field_size_limit(MAX_EVENT_BYTES)
    reader = csv.reader(lines)
    try:
        headings = next(reader, None)
        if not headings:
            raise UnreadableFileError("The file has no header row.")
        columns = read_columns(headings, source.mapping)
        _check_essentials(columns, source)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                yield _read_cells(line, cells, columns)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(f"Line {reader.line_num} is no CSV: {error}.") from error


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
        return ReadRow(line, cells, faults=[fault])
    event: dict[str, JsonValue] = {}
    faults = []
    for column, cell in zip(columns, cells, strict=True):
        if not (cell and column.path):
            continue
        try:
            _put(event, column.path, column.read(cell))
        except CellError as error:
            faults.append(str(error))
    return ReadRow(line, cells, faults=faults) if faults else ReadRow(line, cells, event)


def _put(event: dict[str, JsonValue], path: Sequence[str], value: JsonValue) -> None:
    *parents, name = path
    for parent in parents:
        event = cast("dict[str, JsonValue]", event.setdefault(parent, {}))
    event[name] = value
