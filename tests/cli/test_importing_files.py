"""`footfall import`: every row is sent, whatever interrupts it, and never as two events."""

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from footfall.domain.values import JsonObject
from tests.cli.conftest import Footfall
from tests.cli.fake_api import FakeApi, problem

_ROWS = 1234


@pytest.fixture
def purchases(tmp_path: Path) -> Path:
    path = tmp_path / "purchases.csv"
    rows = [f"c{number % 50},{number}.10,number {number}" for number in range(_ROWS)]
    path.write_text("\n".join(["customer.id,value,data.title", *rows]))
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.csv"
    path.write_text(
        "eventName,customer.email,value\n"
        "purchase,a@example.com,1.50\n"
        "purchase,b@example.com,a lot\n"
        "purchase,,2\n"
        "purchase,d@example.com,4\n"
    )
    return path


def _titles(fake_api: FakeApi) -> list[str]:
    return [_title(event) for event in fake_api.stored.values()]


def _title(event: JsonObject) -> str:
    match event["data"]:
        case {"title": str(title)}:
            return title
    raise AssertionError(event)


def test_a_second_import_stores_nothing(
    footfall: Footfall, fake_api: FakeApi, purchases: Path
) -> None:
    for _ in range(2):
        result = footfall("import", purchases, "--event-name", "purchase", "--currency", "USD")
        assert result.exit_code == 0, result.output
        assert "1,234 events accepted" in result.output
    assert len(fake_api.received) == 2 * _ROWS
    assert sorted(_titles(fake_api)) == sorted(f"number {number}" for number in range(_ROWS))


def test_the_same_file_under_another_event_name_is_other_events(
    footfall: Footfall, fake_api: FakeApi, purchases: Path
) -> None:
    footfall("import", purchases, "--event-name", "ordered")
    footfall("import", purchases, "--event-name", "shipped")
    assert len(fake_api.stored) == 2 * _ROWS


@pytest.mark.parametrize("requests", [1, 5, 13])
@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), problem(403, "Revoked.")])
def test_an_interrupted_import_goes_on_where_it_was(
    footfall: Footfall,
    fake_api: FakeApi,
    purchases: Path,
    requests: int,
    interruption: httpx.Response | BaseException,
) -> None:
    fake_api.faults[requests] = interruption
    first = footfall("import", purchases, "--event-name", "purchase")
    assert first.exit_code in {2, 130}

    second = footfall("import", purchases, "--event-name", "purchase")
    assert second.exit_code == 0, second.output
    assert len(fake_api.stored) == _ROWS
    assert "1,234 events accepted" in second.output
    # At most what was under way at the interruption is sent again, and then with the same ids.
    assert len(fake_api.received) - _ROWS <= 400
    assert ("Going on after row" in second.output) == (requests > 1)


def test_fresh_begins_at_the_first_row(
    footfall: Footfall, fake_api: FakeApi, purchases: Path
) -> None:
    fake_api.faults[10] = problem(403, "Revoked.")
    footfall("import", purchases, "--event-name", "purchase")
    fake_api.received.clear()
    footfall("import", purchases, "--event-name", "purchase", "--fresh")
    assert len(fake_api.received) == _ROWS


def test_another_store_does_not_go_on_where_the_first_was(
    footfall: Footfall, fake_api: FakeApi, purchases: Path
) -> None:
    fake_api.faults[10] = problem(403, "Revoked.")
    footfall("import", purchases, "--event-name", "purchase")
    result = footfall(
        "import", purchases, "--event-name", "purchase", "--url", "https://other.test"
    )
    assert "Going on" not in result.output


def test_the_checkpoint_of_another_file_is_ignored(
    footfall: Footfall, fake_api: FakeApi, purchases: Path, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint"
    fake_api.faults[10] = problem(403, "Revoked.")
    footfall("import", purchases, "--event-name", "purchase", "--checkpoint", checkpoint)
    assert checkpoint.exists()
    result = footfall("import", purchases, "--event-name", "other", "--checkpoint", checkpoint)
    assert "Going on" not in result.output
    assert not checkpoint.exists()


def test_it_stays_under_the_rate_of_the_store(
    footfall: Footfall, fake_api: FakeApi, tmp_path: Path
) -> None:
    large = "x" * 90_000
    path = tmp_path / "large.jsonl"
    line = f'{{"eventName":"e","customer":{{"id":"1"}},"data":{{"a":"{large}"}}}}\n'
    path.write_text(line * 500)
    assert footfall("import", path).exit_code == 0
    assert len(fake_api.requests) == 9  # 58 of these fit into one body
    assert all(later - earlier > 0.011 for earlier, later in pairwise(fake_api.requested_at))
    assert all(len(request.content) <= 5 * 1024 * 1024 for request in fake_api.requests)


def test_it_waits_as_long_as_the_api_asks_and_loses_nothing(
    footfall: Footfall, fake_api: FakeApi, purchases: Path
) -> None:
    fake_api.faults |= {
        3: problem(429, "Slow down.", headers={"Retry-After": "7"}),
        4: httpx.Response(503, headers={"Retry-After": "2"}),
        5: httpx.ConnectError("refused"),
        6: httpx.Response(502),
    }
    assert footfall("import", purchases, "--event-name", "purchase").exit_code == 0
    assert len(fake_api.stored) == _ROWS
    assert fake_api.time.now > 7


def test_an_api_that_stays_away_ends_the_import_with_a_sentence(
    footfall: Footfall, fake_api: FakeApi, purchases: Path
) -> None:
    fake_api.faults |= {number: httpx.ConnectError("refused") for number in range(3, 100)}
    result = footfall("import", purchases, "--event-name", "purchase")
    assert result.exit_code == 2
    assert "The API at https://footfall.test is not available: refused." in result.stderr


def test_faulty_rows_are_named_and_kept_and_the_others_go_on(
    footfall: Footfall, fake_api: FakeApi, faulty: Path
) -> None:
    result = footfall("import", faulty)
    assert result.exit_code == 1
    assert "Line 3: value: not a number" in result.output
    assert "Line 4: /customer: is required" in result.output
    assert "2 events accepted" in result.output
    assert len(fake_api.stored) == 2
    assert (faulty.parent / "faulty.rejected.csv").read_text().splitlines() == [
        "rejectedLine,rejectedBecause,eventName,customer.email,value",
        '3,"value: not a number (like 12, -3.50 or 1e6)",purchase,b@example.com,a lot',
        "4,/customer: is required,purchase,,2",
    ]


def test_the_corrected_rejects_can_be_imported(
    footfall: Footfall, fake_api: FakeApi, faulty: Path
) -> None:
    footfall("import", faulty)
    rejects = faulty.parent / "faulty.rejected.csv"
    text = rejects.read_text().replace("a lot", "2").replace("purchase,,", "purchase,c@e.com,")
    rejects.write_text(text)
    assert footfall("import", rejects).exit_code == 0
    assert len(fake_api.stored) == 4


def test_the_rejects_of_an_earlier_import_are_not_overwritten(
    footfall: Footfall, fake_api: FakeApi, faulty: Path
) -> None:
    footfall("import", faulty)
    result = footfall("import", faulty)
    assert result.exit_code == 2
    assert "holds the refused rows of an earlier import" in result.stderr
    assert footfall("import", faulty, "--rejects", faulty.parent / "r.csv").exit_code == 1
    assert len(fake_api.stored) == 2


def test_rejected_json_lines_keep_their_events(
    footfall: Footfall, fake_api: FakeApi, tmp_path: Path
) -> None:
    path = tmp_path / "e.jsonl"
    path.write_bytes(b'{"customer":{"id":"1"},"value":1.10}\n{"a":\n\n{"eventName":"\xff"}\n')
    assert footfall("import", path).exit_code == 1
    lines = (tmp_path / "e.rejected.jsonl").read_text(errors="surrogateescape").splitlines()
    no_event, no_json, no_utf8 = (json.loads(line, parse_float=Decimal) for line in lines)
    assert no_event == {
        "rejectedLine": 1,
        "rejectedBecause": "/eventName: is required",
        "customer": {"id": "1"},
        "value": Decimal("1.10"),
    }
    assert no_json["rejectedText"] == '{"a":'
    assert no_json["rejectedBecause"] == "no JSON: EOF while parsing a value: line 1, column 5"
    assert no_utf8["rejectedText"].encode(errors="surrogateescape") == b'{"eventName":"\xff"}'
    assert no_utf8["rejectedLine"] == 4
    assert fake_api.stored == {}


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("", [], "The file has no header row."),
        ("customer.id,value\n", [], "No column is eventName"),
        ("eventName,value\n", [], "No column is customer.id"),
        ("eventName,customer.id,Total\n", [], "--map 'Total=data.Total'"),
        ("eventName,customer.id,customer.id\n", [], "Two columns are customer.id."),
        ("eventName,customer.id\n", ["--map", "Total=value"], "no column 'Total'"),
    ],
)
def test_a_file_that_cannot_be_events_is_refused_before_anything_is_sent(  # noqa: PLR0913, PLR0917  # what each case needs
    footfall: Footfall,
    fake_api: FakeApi,
    tmp_path: Path,
    text: str,
    options: list[str],
    sentence: str,
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text)
    result = footfall("import", path, *options)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert fake_api.requests == []


def test_without_a_stack_it_says_how_to_get_one(footfall: Footfall, purchases: Path) -> None:
    result = footfall("import", purchases)
    assert result.exit_code == 2
    assert "start one with `make run`" in result.stderr
    assert "Traceback" not in result.output


def test_what_is_no_url_is_said_so(
    footfall: Footfall, fake_api: FakeApi, purchases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.api.open_client", httpx.AsyncClient)
    result = footfall("import", purchases, "--event-name", "e", "--url", "footfall.test")
    assert result.exit_code == 2
    assert "'footfall.test' is no URL of an API" in result.stderr
    assert fake_api.requests == []


def test_an_unknown_key_is_said_so(footfall: Footfall, fake_api: FakeApi, purchases: Path) -> None:
    result = footfall("import", purchases, "--event-name", "e", "--api-key", "wrong")
    assert result.exit_code == 2
    assert "The API refuses the key: The API key is unknown. (401)" in result.stderr
    assert len(fake_api.stored) == 0
