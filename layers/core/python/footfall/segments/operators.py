"""What each operator says about a value: two-valued, and without turning one type into another.

A path may lead to several values, one of each element of an array. An operator is true when one of
them makes it so; its complement is the negation of that whole answer, so it is true when the value
is missing or of another type.
"""

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from footfall.domain.numbers import is_number
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

Verdict: TypeAlias = Callable[[Sequence[Value], datetime], bool]
"""Tells what a test says about the values that its path leads to; null counts as none.

The instant is what relative operators refer to.
"""

_COMPLEMENTS = frozenset({"ne", "not_in", "not_contains", "not_exists", "not_within_last"})
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_PLACES: Mapping[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "not_contains": operator.contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def verdict_of(test: Test) -> Verdict:
    """Return what tells the test's answer, ready to be asked often."""
    matches = _matcher(test)
    is_complement = test.op in _COMPLEMENTS

    def verdict(values: Sequence[Value], now: datetime) -> bool:
        for value in values:
            if value is not None and matches(value, now):
                return not is_complement
        return is_complement

    return verdict


def instant_of(value: Value) -> datetime | None:
    """Return the instant that the value names, or None when it is no date."""
    if isinstance(value, datetime):
        return value
    return parse_timestamp(value) if isinstance(value, str) else None


_Matcher: TypeAlias = Callable[[Value, datetime], bool]


def _matcher(test: Test) -> _Matcher:  # noqa: PLR0911  # one a shape
    match test:
        case EqualityTest():
            return _one_of([test.value], ignore_case=test.ignore_case)
        case ListTest():
            return _one_of(test.value, ignore_case=test.ignore_case)
        case OrderTest():
            return _ordered(test.op, test.value)
        case RangeTest():
            lower, upper = (
                _ordered(op, bound) for op, bound in zip(("gte", "lte"), test.value, strict=True)
            )
            return lambda value, now: lower(value, now) and upper(value, now)
        case TextTest():
            return _text_matcher(test)
        case PresenceTest():
            return lambda _value, _now: True
        case RelativeTest():
            return _near(test)
        case _:
            assert_never(test)


def _one_of(wanted: Collection[Scalar], *, ignore_case: bool) -> _Matcher:
    """Sort what is wanted by type: equal values of two types are two values."""
    fold = str.casefold if ignore_case else str
    texts = [one for one in wanted if isinstance(one, str)]
    folded = set(map(fold, texts))
    instants = set(map(parse_timestamp, texts)) - {None}
    truths = {one for one in wanted if isinstance(one, bool)}
    numbers = {one for one in wanted if is_number(one)}

    def matches(value: Value, _now: datetime) -> bool:
        if isinstance(value, str):
            return fold(value) in folded or (bool(instants) and parse_timestamp(value) in instants)
        if is_number(value):
            return value in numbers
        if isinstance(value, bool):
            return value in truths
        return isinstance(value, datetime) and value in instants

    return matches


def _ordered(op: str, bound: int | Decimal | str) -> _Matcher:
    holds = _ORDERS[op]
    if not isinstance(bound, str):
        return lambda value, _now: is_number(value) and holds(value, bound)
    limit = parse_timestamp(bound)

    def matches(value: Value, _now: datetime) -> bool:
        instant = instant_of(value)
        return instant is not None and limit is not None and holds(instant, limit)

    return matches


def _text_matcher(test: TextTest) -> _Matcher:
    fold = str.casefold if test.ignore_case else str
    wanted = fold(test.value)
    holds = _PLACES[test.op]
    return lambda value, _now: isinstance(value, str) and holds(fold(value), wanted)


def _near(test: RelativeTest) -> _Matcher:
    length = duration(test.value)

    def is_next(value: Value, now: datetime) -> bool:
        instant = instant_of(value)
        return instant is not None and now < instant <= now + length

    def is_last(value: Value, now: datetime) -> bool:
        instant = instant_of(value)
        return instant is not None and now - length < instant <= now

    return is_next if test.op == "within_next" else is_last
