"""The counts that results.json keeps are those of the functions as they are."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from bench.bill.cases import CASES, CUSTOMERS_OF_A_BULK, Case
from bench.bill.counting import Counted
from bench.bill.floors import floor_of
from bench.bill.measure import Store, store_with
from bench.bill.powertools import idempotency
from bench.bill.section import section
from bench.results import Results, read_results
from cli.cost.measured import usage_in
from cli.cost.prices import Billed

SEGMENTS = 5
IN_BULK = Case(is_bulk=True, has_unique_ids=True, are_new=False, is_quiet=True)
FIRST_OF_SOMEBODY = Case(is_bulk=False, has_unique_ids=False, are_new=True, is_quiet=True)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with store_with(SEGMENTS) as one:
        yield one


@pytest.fixture(scope="module")
def bill() -> Results:
    results: Results = read_results()["bill"]["results"]
    return results


def kept(bill: Results, case: Case) -> Mapping[str, Any]:
    wanted = {"segments": SEGMENTS, **case.as_json()}
    (found,) = (one for one in bill["cases"] if wanted.items() <= one.items())
    return dict(found)


def check(found: Counted, bill: Results, case: Case) -> None:
    stored = kept(bill, case)
    for name, value in found.as_json().items():
        near = 0.05 if name == "usage" else None  # a line of the log is a byte longer or shorter
        assert value == pytest.approx(stored[name], rel=near), f"{name}: make bench MEASURE=bill"


def test_a_first_event_costs_what_is_kept(store: Store, bill: Results) -> None:
    check(store.live_through(FIRST_OF_SOMEBODY, is_timed=False), bill, FIRST_OF_SOMEBODY)


def test_a_bulk_of_known_customers_costs_what_is_kept(store: Store, bill: Results) -> None:
    store.make_known(CUSTOMERS_OF_A_BULK)
    check(store.live_through(IN_BULK, is_timed=False), bill, IN_BULK)


def test_an_index_is_written_when_its_keys_change_and_only_then(store: Store) -> None:
    written = store.live_through(FIRST_OF_SOMEBODY, is_timed=False).written
    assert written["Customers.by-store-shard"] == 1
    assert "SegmentStates.due" not in store.live_through(IN_BULK, is_timed=False).written


def test_a_case_stands_above_its_floor(bill: Results) -> None:
    case = kept(bill, IN_BULK)
    floor = floor_of(case)
    assert floor[Billed.WRITE_UNITS] == 2 + Decimal(CUSTOMERS_OF_A_BULK) / 100
    assert all(usage_in(case)[billed] >= number for billed, number in floor.items())


def test_every_case_is_kept_and_shown(bill: Results) -> None:
    assert all(kept(bill, case) for case in CASES)
    assert section(bill).startswith("## ")


def test_powertools_writes_twice_around_each_event() -> None:
    assert idempotency() == {"calls": {"PutItem": 1, "UpdateItem": 1}}
