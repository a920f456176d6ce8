from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonValue
from footfall.segments.operators import Test, verdict_of
from footfall.segments.reading import read_definition

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
COMPLEMENTS = {"eq": "ne", "in": "not_in", "contains": "not_contains", "exists": "not_exists"}


def make_test(op: str, value: JsonValue = None, *, ignore_case: bool = False) -> Test:
    document: dict[str, JsonValue] = {"attribute": "customFields.x", "op": op}
    if value is not None:
        document["value"] = value
    if ignore_case:
        document["ignoreCase"] = True
    definition = read_definition(document)
    assert isinstance(definition, Test)
    return definition


def is_true(test: Test, values: Sequence[JsonValue], now: datetime) -> bool:
    return verdict_of(test)(values, now)


EARLY, LATE = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
TRUE: Sequence[tuple[str, JsonValue, Sequence[JsonValue]]] = [
    ("eq", "Gold", ["Gold"]),
    ("eq", 1, [Decimal("1.0")]),
    ("eq", True, [True]),
    ("eq", EARLY, ["2026-01-01T01:00:00+01:00"]),
    ("in", ["a", 2], [2]),
    ("gt", 1, [Decimal("1.01")]),
    ("gte", 1, [1]),
    ("lt", LATE, [EARLY]),
    ("lte", Decimal("0.3"), [Decimal("0.3")]),
    ("between", [1, 2], [2]),
    ("between", [EARLY, LATE], [EARLY]),
    ("contains", "ol", ["Gold"]),
    ("starts_with", "Go", ["Gold"]),
    ("ends_with", "ld", ["Gold"]),
    ("exists", None, [False]),
    ("eq", "b", ["a", "b"]),
]
FALSE: Sequence[tuple[str, JsonValue, Sequence[JsonValue]]] = [
    ("eq", "Gold", ["gold"]),
    ("eq", 1, [True]),
    ("eq", 99, ["99"]),
    ("eq", "Gold", []),
    ("in", ["a", 2], ["2"]),
    ("gt", 100, ["99999"]),
    ("gt", 0, [True]),
    ("gt", EARLY, [EARLY]),
    ("lt", 5, [EARLY]),
    ("between", [1, 2], [Decimal("2.01")]),
    ("contains", "1", [1]),
    ("contains", "a", [["a"]]),
    ("exists", None, []),
    ("exists", None, [None]),
]


@pytest.mark.parametrize(("op", "value", "values"), TRUE)
def test_true(op: str, value: JsonValue, values: Sequence[JsonValue]) -> None:
    assert is_true(make_test(op, value), values, NOW)
    if op in COMPLEMENTS:
        assert not is_true(make_test(COMPLEMENTS[op], value), values, NOW)


@pytest.mark.parametrize(("op", "value", "values"), FALSE)
def test_false(op: str, value: JsonValue, values: Sequence[JsonValue]) -> None:
    assert not is_true(make_test(op, value), values, NOW)
    if op in COMPLEMENTS:
        assert is_true(make_test(COMPLEMENTS[op], value), values, NOW)


@pytest.mark.parametrize("op", ["eq", "contains", "starts_with", "ends_with"])
def test_case_is_folded_only_when_asked(op: str) -> None:
    assert is_true(make_test(op, "STRASSE", ignore_case=True), ["straße"], NOW)
    assert not is_true(make_test(op, "STRASSE"), ["straße"], NOW)


@pytest.mark.parametrize(
    ("op", "inside", "outside"),
    [
        ("within_last", (timedelta(0), timedelta(microseconds=1) - timedelta(days=30)),
         (timedelta(microseconds=1), timedelta(days=-30))),
        ("within_next", (timedelta(microseconds=1), timedelta(days=30)),
         (timedelta(0), timedelta(days=30, microseconds=1))),
    ],
)  # fmt: skip
def test_relative_operators_turn_at_the_very_instant(
    op: str, inside: Sequence[timedelta], outside: Sequence[timedelta]
) -> None:
    test = make_test(op, "30d")
    assert all(is_true(test, [format_timestamp(NOW + offset)], NOW) for offset in inside)
    assert not any(is_true(test, [format_timestamp(NOW + offset)], NOW) for offset in outside)
    assert not is_true(test, ["no date"], NOW)


def test_not_within_last_is_the_complement() -> None:
    assert is_true(make_test("not_within_last", "30d"), [], NOW)
    assert not is_true(make_test("not_within_last", "30d"), [format_timestamp(NOW)], NOW)
