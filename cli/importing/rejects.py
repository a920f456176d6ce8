"""The rows that were refused, in the format they came in, each with its line and the reasons.

Corrected, the file can be imported itself.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.importing.rows import Row
from cli.importing.source import REJECTED_BECAUSE, REJECTED_LINE, Source
from footfall.domain.strict_json import InvalidJsonError, dump_json, parse_json


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that is not in the store, and why."""

    row: Row
    reasons: Sequence[str]


class RejectsFile:
    """Grows as rows are refused; made with the first one."""

    def __init__(self, path: Path, source: Source) -> None:
        self.path = path
        self._source = source

    def append(self, rejections: Sequence[Rejection]) -> None:
        """Write the rows, and what was wrong with them."""
        if not rejections:
            return
        is_new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", errors="surrogateescape", newline="") as file:
            if self._source.is_csv:
                writer = csv.writer(file)
                if is_new:
                    writer.writerow((REJECTED_LINE, REJECTED_BECAUSE, *_headings(self._source)))
                writer.writerows(
                    (rejection.row.line, "; ".join(rejection.reasons), *rejection.row.cells)
                    for rejection in rejections
                )
            else:
                file.writelines(f"{_noted(rejection)}\n" for rejection in rejections)


def _headings(source: Source) -> Sequence[str]:
    with source.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return next(csv.reader(file))


def _noted(rejection: Rejection) -> str:
    """Return the line of JSON that a rejected one becomes."""
    notes: dict[str, object] = {
        REJECTED_LINE: rejection.row.line,
        REJECTED_BECAUSE: "; ".join(rejection.reasons),
    }
    (line,) = rejection.row.cells
    try:
        document = parse_json(line)
    except InvalidJsonError:
        document = None
    if isinstance(document, dict):
        return dump_json(notes | document)
    # It may hold bytes that are no UTF-8, and they are kept as they came.
    return json.dumps(notes | {"rejectedText": line}, ensure_ascii=False)
