"""The readers of the files that `footfall import` takes: CSV, Customer.io's CSV, and JSONL."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from hypothesis import strategies as st

from bench.fuzzing.inputs.bodies import json_bodies, torn
from bench.fuzzing.inputs.examples import REDO_EVENTS
from bench.fuzzing.inputs.json_values import TEXTS
from bench.fuzzing.parsers.parser import Parser
from cli.importing.columns import UnknownColumnError
from cli.importing.reading import read_rows
from cli.importing.rows import UnreadableFileError
from cli.importing.source import Source
from footfall.domain.strict_json import parse_json

_HEADINGS = (
    *("eventTimestamp", "value", "valueCurrency", "uniqueId", "customer.firstName", "customer.id"),
    *("customer.phoneNumber", "customer.location.latitude", "customer.customFields.vip:boolean"),
    *("data.a:number", "data.b", "data.$extra.c", "rejectedLine"),
)
_OF_CUSTOMERIO = ("_cio_name", "_cio_timestamp", "price", "price:number")
_CELLS = TEXTS | st.sampled_from(
    [
        *("", "-1.5", "1e9999", "-1e-9999", "9" * 12, "9" * 5_000, "٣", "true", "FALSE"),
        *("1775131200", "2026-04-02", "jane@example.com", "a,b", '"', '""', "\r", "\n"),
    ]
)


@st.composite
def _tables(draw: st.DrawFn, person: str, headings: Sequence[str]) -> bytes:
    """Return a CSV file with some of these columns; most cells are quoted as they should be."""
    chosen = [person, *draw(st.lists(st.sampled_from(headings), unique=True, max_size=5))]
    if draw(st.integers(0, 9)) == 0:
        chosen.append(draw(TEXTS))
    others = st.lists(_CELLS, max_size=len(chosen) + 1)
    fitting = st.lists(_CELLS, min_size=len(chosen), max_size=len(chosen))
    rows = draw(st.lists(fitting | fitting | others, max_size=4))
    written = [[_quoted(cell) for cell in row] if draw(st.integers(0, 3)) else row for row in rows]
    return "\n".join(",".join(row) for row in [chosen, *written]).encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _reader(suffix: str) -> Callable[[bytes], bool]:
    def take(content: bytes) -> bool:
        with NamedTemporaryFile(suffix=suffix) as file:
            file.write(content)
            file.flush()
            try:
                rows = list(read_rows(Source(Path(file.name), event_name="imported")))
            except (UnreadableFileError, UnknownColumnError):
                return False
        for row in rows:
            assert bool(row.text) != bool(row.faults), "a row is neither sent nor rejected"
            if row.text:
                parse_json(row.text)
        return any(row.text for row in rows)

    return take


def _lines(bodies: Sequence[bytes]) -> bytes:
    return b"\n".join(bodies)


_CSV = _tables("customer.email", _HEADINGS)
_CUSTOMERIO = _tables("_cio_customer_id", _OF_CUSTOMERIO)

ROW_PARSERS: Mapping[str, Parser] = {
    "import: CSV": Parser(_CSV | _CSV | torn(_CSV), _reader(".csv")),
    "import: Customer.io's CSV": Parser(_CUSTOMERIO | torn(_CUSTOMERIO), _reader(".csv")),
    "import: JSONL": Parser(
        st.lists(json_bodies(REDO_EVENTS), max_size=4).map(_lines), _reader(".jsonl")
    ),
}
