"""Comparing what was counted or added up with what a behaviour asks for."""

from collections.abc import Callable
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import TypeAlias

from footfall.segments.definitions import CountComparison, SumComparison

Criterion: TypeAlias = Callable[[int | Decimal], bool]
"""Tells whether a number is what a behaviour asks for."""


def criterion_of(comparison: CountComparison | SumComparison) -> Criterion:
    """Return the criterion that the comparison is."""
    if comparison.between is not None:
        lower, upper = comparison.between
        return lambda number: lower <= number <= upper
    for compare, bound in (
        (ge, comparison.gte),
        (gt, comparison.gt),
        (le, comparison.lte),
        (lt, comparison.lt),
        (eq, comparison.eq),
    ):
        if bound is not None:
            return _bounded(compare, bound)
    raise ValueError


def enough(comparison: CountComparison) -> int:
    """Return the smallest count from which on the answer stays the same."""
    if comparison.gte is not None:
        return comparison.gte
    if comparison.lt is not None:
        return comparison.lt
    if comparison.between is not None:
        return comparison.between[1] + 1
    highest = next(
        bound for bound in (comparison.gt, comparison.lte, comparison.eq) if bound is not None
    )
    return highest + 1


def _bounded(
    compare: Callable[[int | Decimal, int | Decimal], bool], bound: int | Decimal
) -> Criterion:
    return lambda number: compare(number, bound)
