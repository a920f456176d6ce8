"""Comparing what was counted or added up with what a behaviour asks for."""

from decimal import Decimal

from footfall.segments.definitions import CountComparison, SumComparison


def satisfies(number: int | Decimal, comparison: CountComparison | SumComparison) -> bool:
    """Tell whether the number is what the comparison asks for."""
    if comparison.between is not None:
        lower, upper = comparison.between
        return lower <= number <= upper
    return (
        (comparison.gte is not None and number >= comparison.gte)
        or (comparison.gt is not None and number > comparison.gt)
        or (comparison.lte is not None and number <= comparison.lte)
        or (comparison.lt is not None and number < comparison.lt)
        or (comparison.eq is not None and number == comparison.eq)
    )


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
