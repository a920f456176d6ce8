"""The rows of a JSONL file: one event of the API on every line; empty lines are skipped."""

from collections.abc import Iterable, Iterator, Mapping

from cli.importing.rows import ReadRow
from cli.importing.source import REJECTED_BECAUSE, REJECTED_LINE
from footfall.domain.strict_json import InvalidJsonError, parse_json


def read_jsonl(lines: Iterable[str]) -> Iterator[ReadRow]:
    """Yield the rows of the file."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(number, line.rstrip("\r\n"))


def _read_line(number: int, line: str) -> ReadRow:
    try:
        document = parse_json(line)
    except InvalidJsonError as error:
        return ReadRow(number, (line,), faults=(f"no JSON: {error}",))
    if not isinstance(document, Mapping):
        return ReadRow(number, (line,), faults=("no JSON object",))
    notes = (REJECTED_LINE, REJECTED_BECAUSE)
    return ReadRow(number, (line,), {key: document[key] for key in document if key not in notes})
