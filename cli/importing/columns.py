"""The columns of a CSV file: each names one part of an event by its path, and may name a type.

    eventName, eventTimestamp, value, valueCurrency, uniqueId
    customer.id, customer.email, customer.phoneNumber, customer.firstName, customer.lastName
    customer.location.<part>, customer.customFields.<name>, data.<name>, data.$extra.<name>

A column holds text unless its name ends in `:number` or `:boolean`; `value` and the coordinates are
numbers without saying so. Property names are free text: whatever follows `data.` is the name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cli.importing.source import REJECTED_BECAUSE, REJECTED_LINE
from footfall.domain.values import JsonValue
from footfall.errors import PermanentError

_NUMBER = re.compile(r"-?\d+(?P<rest>\.\d+)?(?P<exponent>[eE][+-]?\d{1,4})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_FIXED_PATHS = frozenset(
    {
        "eventName",
        "eventTimestamp",
        "value",
        "valueCurrency",
        "uniqueId",
        "customer.id",
        "customer.email",
        "customer.phoneNumber",
        "customer.firstName",
        "customer.lastName",
    }
)
_OPEN_PATHS = ("customer.location.", "customer.customFields.", "data.$extra.", "data.")
"""What may be followed by any name; the longer path stands before the shorter that starts it."""

_NUMBER_PATHS = frozenset({"value", "customer.location.latitude", "customer.location.longitude"})
_LEFT_OUT = {REJECTED_LINE: "", REJECTED_BECAUSE: ""}


class ColumnType(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"


class UnknownColumnError(PermanentError):
    """A column names no part of an event; the message says how to name one."""


class CellError(PermanentError):
    """A cell does not hold what its column promises."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file.

    Attributes:
        path: the keys that lead to its value in the event, outermost first; empty when the column
            is left out.
        holds: how its cells are read.
    """

    heading: str
    path: Sequence[str]
    holds: ColumnType

    def read(self, cell: str) -> JsonValue:
        """Return the value of a cell.

        Raises:
            CellError: when it is not of the column's type. The message does not repeat the cell.
        """
        match self.holds:
            case ColumnType.TEXT:
                return cell
            case ColumnType.NUMBER:
                return self._number(cell.strip())
            case ColumnType.BOOLEAN:
                return self._boolean(cell.strip().lower())

    def _number(self, text: str) -> int | Decimal:
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise CellError(f"{self.heading}: not a number (like 12, -3.50 or 1e6)")
        if match["rest"] or match["exponent"]:
            return Decimal(text)
        try:
            return int(text)
        except ValueError:  # Python reads no more than a few thousand digits
            raise CellError(f"{self.heading}: a number with too many digits") from None

    def _boolean(self, text: str) -> bool:
        if text not in _BOOLEANS:
            raise CellError(f"{self.heading}: neither true nor false")
        return _BOOLEANS[text]


def read_columns(headings: Sequence[str], mapping: Mapping[str, str]) -> list[Column]:
    """Return the columns of a header row.

    Args:
        headings: the header row.
        mapping: the path that a heading stands for, where it is not its own; empty to leave the
            column out.

    Raises:
        UnknownColumnError: when a heading or a path names no part of an event, when two name the
            same part, or when the mapping knows a heading that the file does not have.
    """
    if strangers := mapping.keys() - set(headings):
        raise UnknownColumnError(f"The file has no column {min(strangers)!r} to map.")
    names = {**_LEFT_OUT, **mapping}
    columns = [_column(heading, names.get(heading, heading)) for heading in headings]
    taken: set[tuple[str, ...]] = set()
    for column in columns:
        path = tuple(column.path)
        if path and path in taken:
            raise UnknownColumnError(f"Two columns are {'.'.join(path)}.")
        taken.add(path)
    return columns


def _column(heading: str, name: str) -> Column:
    if not name:
        return Column(heading, (), ColumnType.TEXT)
    path, colon, suffix = name.rpartition(":")
    if not colon or suffix not in list(ColumnType):
        path, suffix = name, ColumnType.NUMBER if name in _NUMBER_PATHS else ColumnType.TEXT
    return Column(heading, _keys(heading, path), ColumnType(suffix))


def _keys(heading: str, path: str) -> Sequence[str]:
    if path in _FIXED_PATHS:
        return path.split(".")
    for start in _OPEN_PATHS:
        name = path.removeprefix(start)
        if name not in {"", "$extra", path}:
            return (*start.rstrip(".").split("."), name)
    raise UnknownColumnError(
        f"The column {heading!r} names no part of an event. Say what it is with"
        f" --map '{heading}=data.{heading}', or leave it out with --map '{heading}='."
    )
