"""`footfall cost`: a user's own numbers, from what was counted."""

import json
from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cli.cost import measured
from cli.cost.amounts import read_amount, read_share
from cli.cost.prices import PRICES, Billed, price_of_api_requests
from tests.cli.conftest import Footfall


def used(**usage: float) -> Mapping[str, Any]:
    return {"usage": {"apiRequests": 0, **usage}, "gbSeconds": 0}


def counted() -> Mapping[str, Any]:
    """Return counts that can be reckoned with in the head.

    An event takes a unit, one more with `uniqueId`, a tenth for each segment, three if it is new.
    """
    cases = [
        {
            "sent": sent,
            "uniqueIds": unique,
            "customers": customers,
            "batches": batches,
            "segments": segments,
            **used(
                apiRequests=1 if sent == "single" else 0.01,
                writeUnits=1 + unique + segments / 10 + 3 * (customers == "new"),
                invocations=2 if batches == "quiet" else 1,
            ),
        }
        for sent, unique, customers, batches, segments in product(
            ("single", "bulk"), (False, True), ("known", "new"), ("busy", "quiet"), (0, 5, 50)
        )
    ]
    return {
        "cases": cases,
        "storedBytes": {"0": {"event": 400, "marker": 100, "identifier": 100, "profile": 300}},
        "authorization": used(),
        "entry": used(writeUnits=4, busEvents=1),
        "sweep": used(readUnits=8),
    }


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"bill": {"results": counted()}}))
    monkeypatch.setattr(measured, "RESULTS", path)
    return path


def rows(output: str) -> Mapping[str, list[str]]:
    """Return the dollars of each line of the table."""
    lines = [line.split("$") for line in output.splitlines() if "$" in line]
    return {name.strip(): [one.strip() for one in dollars] for name, *dollars in lines}


def test_a_month_is_added_up(footfall: Footfall) -> None:
    result = footfall("cost", "--events", "5M", "--bulk")
    assert result.exit_code == 0, result.output
    table = rows(result.output)
    assert table["API Gateway"] == ["0.04", "0.18"]
    assert table["DynamoDB writes"] == ["0.62", "3.12"]
    assert table["Lambda"] == ["0.40", "2.00"]
    assert table["Standing: 28 alarms"] == ["2.80"]
    assert "2.50 GB" in result.output
    assert "each request is handled by itself" in result.output


def test_what_lies_between_the_cases_is_on_a_line(footfall: Footfall) -> None:
    options = ("--segments", "20", "--unique-ids", "--new-customers", "10%", "--busy")
    table = rows(footfall("cost", "--events", "1M", *options).output)
    assert table["DynamoDB writes"] == ["2.69", "2.69"]  # 1 + 1 + 2.0 + 0.3 units
    assert table["Lambda"] == ["0.20", "0.20"]


def test_transitions_and_the_bus_cost_their_own(footfall: Footfall) -> None:
    options = ("--transitions", "10%", "--stored-events")
    table = rows(footfall("cost", "--events", "10M", *options).output)
    assert table["DynamoDB writes"][0] == "0.88"  # 1 + 0.4 units
    assert table["EventBridge, S3, data out"][0] == "1.10"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--events", "many"), "'--events': 'many' is no number such as 750k, 5M or 1.2B."),
        (("--events", "0"), "'--events': There is nothing to pay for 0 events."),
        (("--events", "-5M"), "'--events'"),
        (("--events", "5M", "--segments", "-1"), "'--segments'"),
        (
            ("--events", "5M", "--new-customers", "120%"),
            "'--new-customers': '120%' is no percentage from 0% to 100%.",
        ),
        (("--events", "5M", "--transitions", "0.1"), "'--transitions'"),
        ((), "'--events'"),
    ],
)
def test_a_bad_number_is_explained_by_its_option(
    footfall: Footfall, options: tuple[str, ...], message: str
) -> None:
    result = footfall("cost", *options)
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())


def test_without_counts_there_is_a_sentence(footfall: Footfall, results: Path) -> None:
    results.unlink()
    result = footfall("cost", "--events", "5M")
    assert result.exit_code == 2
    assert "`make bench MEASURE=bill`" in result.output


@pytest.mark.parametrize(
    ("text", "number"),
    [("5M", 5_000_000), ("750k", 750_000), ("1.2B", 1_200_000_000), ("1,000,000", 1_000_000)],
)
def test_amounts(text: str, number: int) -> None:
    assert read_amount(text) == number


def test_shares() -> None:
    assert read_share("2.5%") == Decimal("0.025")


def test_later_requests_of_a_month_cost_less() -> None:
    million = 1_000_000
    assert price_of_api_requests(Decimal(333 * million)) == Decimal("1165.5")
    assert price_of_api_requests(Decimal(334 * million)) == Decimal("1168.3")
    beyond = price_of_api_requests(Decimal(20_001 * million))
    assert beyond - price_of_api_requests(Decimal(20_000 * million)) == Decimal("1.51")


def test_everything_that_is_counted_has_a_price() -> None:
    assert PRICES.keys() == set(Billed)
