"""What each operator says about a value: two-valued, and without turning one type into another.

A path may lead to several values, one of each element of an array. An operator is true when one of
them makes it so; its complement is the negation of that whole answer, so it is true when the value
is missing or of another type.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, assert_never

from footfall.domain.timestamps import parse_timestamp
from footfall.segments.definitions import (
    EqualityTest,
    ListTest,
    OrderTest,
    PresenceTest,
    RangeTest,
    RelativeTest,
    Scalar,
    TextTest,
)
from footfall.segments.durations import duration

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

Value: TypeAlias = "JsonValue | datetime"
"""What a path leads to; a date is a string in JSON, and an instant where Footfall itself set it."""

Test = EqualityTest | ListTest | OrderTest | RangeTest | TextTest | PresenceTest | RelativeTest

_COMPLEMENTS = frozenset({"ne", "not_in", "not_contains", "not_exists", "not_within_last"})


def is_true(test: Test, values: Sequence[Value], now: datetime) -> bool:
    """Tell what the test says about the values that its path leads to.

    Args:
        values: empty when there are none; null counts as none.
        now: what relative operators refer to.
    """
    matches = _matcher(test, now)
    found = any(matches(value) for value in values if value is not None)
    return found != (test.op in _COMPLEMENTS)


def _matcher(test: Test, now: datetime) -> Callable[[Value], bool]:  # noqa: PLR0911  # one a shape
    match test:
        case EqualityTest():
            return lambda value: _equal(value, test.value, ignore_case=test.ignore_case)
        case ListTest():
            return lambda value: any(
                _equal(value, one, ignore_case=test.ignore_case) for one in test.value
            )
        case OrderTest():
            return lambda value: _ordered(value, test.op, test.value)
        case RangeTest():
            lower, upper = test.value
            return lambda value: _ordered(value, "gte", lower) and _ordered(value, "lte", upper)
        case TextTest():
            return lambda value: isinstance(value, str) and _text_matches(value, test)
        case PresenceTest():
            return lambda _: True
        case RelativeTest():
            return lambda value: _is_near(value, test, now)
        case _:
            assert_never(test)


def _equal(value: Value, wanted: Scalar, *, ignore_case: bool) -> bool:
    if isinstance(wanted, str):
        instant = instant_of(value)
        if instant is not None and instant == parse_timestamp(wanted):
            return True
        if not isinstance(value, str):
            return False
        return value.casefold() == wanted.casefold() if ignore_case else value == wanted
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _ordered(value: Value, operator: str, bound: int | Decimal | str) -> bool:
    order = _order(value, bound)
    if order is None:
        return False
    match operator:
        case "gt":
            return order > 0
        case "gte":
            return order >= 0
        case "lt":
            return order < 0
        case _:
            return order <= 0


def _order(value: Value, bound: int | Decimal | str) -> int | None:
    """Return -1, 0 or 1 as the value is below, at or above the bound; None for another type."""
    if isinstance(bound, str):
        instant = instant_of(value)
        limit = parse_timestamp(bound)
        if instant is None or limit is None:
            return None
        return (instant > limit) - (instant < limit)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return (value > bound) - (value < bound)


def _text_matches(value: str, test: TextTest) -> bool:
    text, wanted = value, test.value
    if test.ignore_case:
        text, wanted = text.casefold(), wanted.casefold()
    match test.op:
        case "starts_with":
            return text.startswith(wanted)
        case "ends_with":
            return text.endswith(wanted)
        case _:
            return wanted in text


def _is_near(value: Value, test: RelativeTest, now: datetime) -> bool:
    instant = instant_of(value)
    if instant is None:
        return False
    if test.op == "within_next":
        return now < instant <= now + duration(test.value)
    return now - duration(test.value) < instant <= now


def instant_of(value: Value) -> datetime | None:
    """Return the instant that the value names, or None when it is no date."""
    if isinstance(value, datetime):
        return value
    return parse_timestamp(value) if isinstance(value, str) else None
