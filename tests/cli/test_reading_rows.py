"""Rows become events with every value exactly as it stood in the file."""

import csv
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.importing.columns import UnknownColumnError, read_columns
from cli.importing.reading import read_rows
from cli.importing.rows import Row
from cli.importing.source import Source
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.values import JsonValue

NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12
    ),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def _rows(text: str | bytes, suffix: str, source: Source | None = None) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        options = source or Source(path)
        return list(read_rows(Source(path, options.event_name, options.currency, options.mapping)))


def _event(row: Row) -> JsonValue:
    assert row.faults == ()
    return parse_json(row.text)


def _unique(row: Row) -> dict[str, JsonValue]:
    event = parse_json(row.text)
    assert isinstance(event, dict)
    return {"uniqueId": event["uniqueId"]}


def _csv(headings: Sequence[str], *rows: Sequence[object]) -> str:
    with tempfile.TemporaryFile("w+", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
        file.seek(0)
        return file.read()


@given(st.lists(st.tuples(TEXTS, NUMBERS, NUMBERS), min_size=1))
def test_a_csv_cell_arrives_as_it_stands(cells: list[tuple[str, Decimal, Decimal]]) -> None:
    headings = ["eventName", "customer.id", "data.note", "value", "data.count:number"]
    text = _csv(headings, *(("e", "1", note, value, count) for note, value, count in cells))
    for row, (note, value, count) in zip(_rows(text, ".csv"), cells, strict=True):
        event = _event(row)
        assert isinstance(event, dict)
        assert event["data"] == {"note": note, "count": count}
        assert event["value"] == value
        assert str(event["value"]) == str(value)


@given(st.lists(st.dictionaries(TEXTS, st.one_of(NUMBERS, TEXTS, st.booleans())), min_size=1))
def test_a_json_line_arrives_as_it_stands(data: list[dict[str, JsonValue]]) -> None:
    lines = [dump_json({"uniqueId": str(n), "data": one}) for n, one in enumerate(data)]
    rows = _rows("\n".join(lines), ".jsonl")
    assert [row.text for row in rows] == lines
    assert [row.line for row in rows] == list(range(1, len(lines) + 1))


@given(st.text())
def test_any_text_is_read_as_rows_or_faults(text: str) -> None:
    source = Source(Path(), event_name="e")
    for row in _rows(f"customer.id,data.a\n{text}", ".csv", source):
        assert row.text or row.faults
    for row in _rows(text.encode("utf-8", "surrogatepass"), ".jsonl"):
        assert row.text or row.faults


def test_lines_are_counted_where_rows_begin() -> None:
    text = 'eventName,customer.id,data.note\r\ne,1,"two\r\nlines"\r\n\r\ne,2,\r\n'
    rows = _rows(text, ".csv")
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 5)]
    assert rows[-1].end == len(text)


def test_a_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    (row,) = _rows(b"\xef\xbb\xbfeventName,customer.id\ne,1\n", ".csv")
    assert _event(row) == {"eventName": "e", "customer": {"id": "1"}} | _unique(row)


def test_a_cell_that_is_not_utf8_is_a_fault_of_its_row_only() -> None:
    bad, good = _rows(b"eventName,customer.id\n\xff,1\ne,2\n", ".csv")
    assert bad.faults == ("the row is not UTF-8",)
    assert good.faults == ()


def test_a_row_that_is_no_csv_is_a_fault_of_its_row_only() -> None:
    bad, good = _rows("eventName,customer.id\ne\re,1\ne,2\n", ".csv")
    assert (bad.line, bool(bad.faults)) == (2, True)
    assert good.faults == ()


def test_a_row_with_too_many_or_too_few_cells_is_a_fault() -> None:
    rows = _rows("eventName,customer.id\ne\ne,1,2\ne,1\n", ".csv")
    assert [bool(row.faults) for row in rows] == [True, True, False]


def test_columns_reach_every_part_of_an_event() -> None:
    headings = {
        "eventName": "Ordered",
        "customer.email": "a@example.com",
        "customer.location.city": "Oslo",
        "customer.location.latitude": "59.91",
        "customer.customFields.Loyalty Tier": "Gold",
        "customer.customFields.Accepts Marketing:boolean": "TRUE",
        "data.a.b": "dots are part of the name",
        "data.Time: start": "12:00",
        "data.$extra.raw": "0",
        "data.empty": "",
        "Total": "12.50",
        "Internal": "left out",
    }
    source = Source(Path(), currency="NOK", mapping={"Total": "value", "Internal": ""})
    (row,) = _rows(_csv([*headings], [*headings.values()]), ".csv", source)
    assert _event(row) == {
        "eventName": "Ordered",
        "customer": {
            "email": "a@example.com",
            "location": {"city": "Oslo", "latitude": Decimal("59.91")},
            "customFields": {"Loyalty Tier": "Gold", "Accepts Marketing": True},
        },
        "data": {
            "a.b": "dots are part of the name",
            "Time: start": "12:00",
            "$extra": {"raw": "0"},
        },
        "value": Decimal("12.50"),
        "valueCurrency": "NOK",
    } | _unique(row)


def test_a_unique_id_of_the_file_is_kept_and_a_missing_one_is_made() -> None:
    own, made = _rows("eventName,customer.id,uniqueId\ne,1,mine\ne,1,\n", ".csv")
    assert _unique(own) == {"uniqueId": "mine"}
    assert str(_unique(made)["uniqueId"]).endswith("-2")
    assert _rows("eventName,customer.id,uniqueId\ne,1,mine\ne,1,\n", ".csv")[1] == made


@pytest.mark.parametrize("heading", ["Total", "data.", "customer.name", "data.$extra", "value:x"])
def test_a_column_that_is_no_part_of_an_event_is_refused(heading: str) -> None:
    with pytest.raises(UnknownColumnError):
        read_columns([heading], {})


def test_a_number_longer_than_python_reads_is_a_fault_of_its_row_only() -> None:
    digits = "9" * 5_000
    rows = _rows(
        _csv(["eventName", "customer.id", "value"], ["a", "1", digits], ["a", "2", 5]), ".csv"
    )
    assert [row.faults for row in rows] == [("value: a number with too many digits",), ()]


@pytest.mark.parametrize("cell", ["1,5", "$5", "NaN", "1e99999", "٣", "--1", "1."])
def test_what_is_no_number_is_a_fault_that_does_not_repeat_it(cell: str) -> None:
    text = _csv(["eventName", "customer.id", "value"], ["e", "1", cell])
    (row,) = _rows(text, ".csv")
    assert row.faults == ("value: not a number (like 12, -3.50 or 1e6)",)
