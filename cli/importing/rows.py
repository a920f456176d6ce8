"""The rows of a file, in order: each is the text of an event, or the faults that prevent it.

Bytes that are no UTF-8 travel as lone surrogates, so that one bad row does not end the import and
can still be written out as it came.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cli.importing.source import Source
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject
from footfall.errors import PermanentError


class UnreadableFileError(PermanentError):
    """The file as a whole cannot be imported."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as its format's reader understood it.

    Attributes:
        line: where it begins, from 1.
        cells: what stood in the file: the cells of CSV, the one line of JSONL.
        event: what it says, if it can be read.
        faults: why it cannot.
    """

    line: int
    cells: Sequence[str]
    event: JsonObject | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready to be sent, or to be rejected.

    Attributes:
        number: counts the rows, from 1.
        line: where it begins, from 1.
        end: how many bytes of the file were read with it.
        cells: what stood in the file.
        text: the event as JSON; empty when there are faults.
        faults: why it is no event.
    """

    number: int
    line: int
    end: int
    cells: Sequence[str]
    text: str
    faults: tuple[str, ...]


class Lines:
    """The lines of a file as text, counting the bytes behind them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes_read = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            encoding = "utf-8" if self.bytes_read else "utf-8-sig"
            self.bytes_read += len(line)
            yield line.decode(encoding, errors="surrogateescape")


def number_rows(rows: Iterator[ReadRow], lines: Lines, source: Source) -> Iterator[Row]:
    """Yield the rows as they will be sent; every event bears a uniqueId.

    Where a row has none, it is made of the file's fingerprint and the row's number: sent twice, it
    is the same event.
    """
    fingerprint = source.fingerprint()
    for number, row in enumerate(rows, start=1):
        text, faults = "", row.faults
        if row.event is not None:
            try:
                text = dump_json(source.complete(row.event, f"import-{fingerprint}-{number}"))
            except UnicodeEncodeError:
                faults = ("the row is not UTF-8",)
        yield Row(number, row.line, lines.bytes_read, row.cells, text, faults)
