"""CSV files as Customer.io takes them are imported as they are, and never twice."""

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.importing.customerio_rows import CUSTOMER_ID, NAME, TIMESTAMP
from cli.importing.reading import read_rows
from cli.importing.rows import Row
from cli.importing.source import REJECTED_BECAUSE, REJECTED_LINE, Source
from footfall.domain.strict_json import parse_json
from footfall.domain.values import JsonValue
from tests.cli.conftest import Footfall
from tests.cli.fake_api import FakeApi

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
NAMES = TEXTS.filter(
    lambda name: (
        name not in {NAME, CUSTOMER_ID, TIMESTAMP, REJECTED_LINE, REJECTED_BECAUSE}
        and not name.startswith("$extra")
    )
)


def rows_of(headings: Sequence[str], *cells: Sequence[str], **mapping: str) -> list[Row]:
    """Return the rows of a file with these headings."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([headings, *cells])
        return list(read_rows(Source(path, mapping=mapping)))


def event_in(row: Row) -> dict[str, JsonValue]:
    """Return the event of a row, without the uniqueId that is made for it."""
    assert row.faults == ()
    event = parse_json(row.text)
    assert isinstance(event, dict)
    del event["uniqueId"]
    return event


def test_each_column_has_its_place() -> None:
    headings = [NAME, CUSTOMER_ID, TIMESTAMP, "plan", "property.subproperty", "data.x:number"]
    (row,) = rows_of(headings, ["purchased", "5", "1561231234", "basic", "1", "2"])
    assert event_in(row) == {
        "eventName": "purchased",
        "customer": {"id": "5"},
        "eventTimestamp": "2019-06-22T19:20:34Z",
        "data": {"plan": "basic", "property.subproperty": "1", "data.x:number": "2"},
    }


def test_a_file_without_times_and_properties_is_enough() -> None:
    (row,) = rows_of([NAME, CUSTOMER_ID], ["purchased", "5"])
    assert event_in(row) == {"eventName": "purchased", "customer": {"id": "5"}}


@given(st.dictionaries(NAMES, TEXTS, max_size=5))
def test_any_property_arrives_as_it_stands(properties: dict[str, str]) -> None:
    headings = [NAME, CUSTOMER_ID, *properties]
    (row,) = rows_of(headings, ["purchased", "5", *properties.values()])
    assert event_in(row).get("data", {}) == properties


def test_empty_cells_are_left_out() -> None:
    (row,) = rows_of([NAME, CUSTOMER_ID, TIMESTAMP, "plan"], ["purchased", "5", "", ""])
    assert event_in(row) == {"eventName": "purchased", "customer": {"id": "5"}}


@pytest.mark.parametrize(
    ("cell", "timestamp"),
    [
        ("0", "1970-01-01T00:00:00Z"),
        (" 1561231234 ", "2019-06-22T19:20:34Z"),
        ("2019-06-22", "2019-06-22T00:00:00Z"),
        ("2019-06-22 19:20:34", "2019-06-22T19:20:34Z"),
        ("2019-06-22T21:20:34.5+02:00", "2019-06-22T19:20:34.500000Z"),
    ],
)
def test_a_time_is_in_unix_seconds_or_in_iso_8601(cell: str, timestamp: str) -> None:
    (row,) = rows_of([NAME, CUSTOMER_ID, TIMESTAMP], ["purchased", "5", cell])
    assert event_in(row)["eventTimestamp"] == timestamp


@pytest.mark.parametrize(
    "cell", ["yesterday", "22/06/2019", "1561231234000", "-1", "1.5", "٣", "2019-02-30"]
)
def test_any_other_time_is_a_fault_of_its_row(cell: str) -> None:
    headings = [NAME, CUSTOMER_ID, TIMESTAMP]
    bad, good = rows_of(headings, ["purchased", "5", cell], ["purchased", "5", ""])
    fault = "_cio_timestamp: neither seconds since 1970 nor a date and time of ISO 8601"
    assert (bad.text, bad.faults, good.faults) == ("", (fault,), ())


def test_a_file_may_name_people_by_e_mail_address() -> None:
    first, second = rows_of([NAME, CUSTOMER_ID], ["e", " Jane@example.com"], ["e", "j@b.c"])
    assert event_in(first)["customer"] == {"email": " Jane@example.com"}
    assert event_in(second)["customer"] == {"email": "j@b.c"}


@pytest.mark.parametrize(
    ("first", "other", "fault"),
    [
        ("5", "jane@example.com", "an e-mail address, where the file began with an id"),
        ("jane@example.com", "5", "an id, where the file began with an e-mail address"),
    ],
)
def test_ids_and_e_mail_addresses_do_not_mix(first: str, other: str, fault: str) -> None:
    cells = [["e", ""], ["e", first], ["e", other], ["e", first]]
    rows = rows_of([NAME, CUSTOMER_ID], *cells)
    assert [row.line for row in rows if row.faults] == [4]
    assert rows[2].faults == (f"_cio_customer_id: {fault}; it can have only one of the two",)


def test_a_column_can_be_mapped_to_more_than_text() -> None:
    mapping = {"total": "value", "count": "data.count:number", "internal": ""}
    (row,) = rows_of(
        [NAME, CUSTOMER_ID, "total", "count", "internal"], ["e", "5", "9.50", "3", "x"], **mapping
    )
    assert row.text.startswith('{"uniqueId":')
    event = event_in(row)
    assert (str(event["value"]), event["data"]) == ("9.50", {"count": 3})


def test_a_file_is_imported_and_a_second_time_stores_nothing(
    footfall: Footfall, fake_api: FakeApi, tmp_path: Path
) -> None:
    path = tmp_path / "events.csv"
    lines = [f"{NAME},{CUSTOMER_ID},{TIMESTAMP},plan"]
    lines += [f"purchased,c{number},{1561231234 + number},basic" for number in range(250)]
    path.write_text("\n".join(lines))
    for _ in range(2):
        result = footfall("import", path)
        assert result.exit_code == 0, result.output
        assert "250 events accepted" in result.output
    assert len(fake_api.received) == 500
    assert len(fake_api.stored) == 250


def test_what_is_refused_is_named_by_its_line_and_can_be_imported_corrected(
    footfall: Footfall, fake_api: FakeApi, tmp_path: Path
) -> None:
    path = tmp_path / "events.csv"
    path.write_text(f"{NAME},{CUSTOMER_ID},plan\nbought,5,a\nbought,j@example.com,b\n,6,c\n")
    result = footfall("import", path)
    assert result.exit_code == 1
    assert "Line 3: _cio_customer_id: an e-mail address" in result.output
    assert "Line 4: /eventName: is required" in result.output
    rejects = tmp_path / "events.rejected.csv"
    corrected = rejects.read_text().replace("j@example.com", "7").replace(",,6", ",bought,6")
    rejects.write_text(corrected)
    assert footfall("import", rejects).exit_code == 0
    assert len(fake_api.stored) == 3


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (CUSTOMER_ID, "No column is eventName"),
        (NAME, "No column is customer.id"),
        (f"{NAME},{CUSTOMER_ID},plan,plan", "Two columns are data.plan."),
    ],
)
def test_a_file_that_cannot_be_events_is_refused_before_anything_is_sent(
    footfall: Footfall, fake_api: FakeApi, tmp_path: Path, header: str, sentence: str
) -> None:
    path = tmp_path / "events.csv"
    path.write_text(f"{header}\n")
    result = footfall("import", path)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert fake_api.requests == []
