"""Sweeping: going through the instants at which a number changes, to find those that matter."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias, TypeVar

_Number = TypeVar("_Number", int, Decimal)

Step: TypeAlias = tuple[int, _Number]
"""An instant in microseconds, and what the number changes by."""


def flips(
    steps: Iterable[Step[_Number]],
    number: _Number,
    add: Callable[[_Number, _Number], _Number],
    is_met_by: Callable[[_Number], bool],
) -> Iterator[int]:
    """Yield the instants at which the criterion's answer changes; steps of one instant are one.

    Args:
        steps: in order of time.
        number: before the first of them.
        add: how numbers are added.
        is_met_by: the criterion.
    """
    answer = is_met_by(number)
    present: int | None = None
    for instant, change in steps:
        if present is not None and instant != present and is_met_by(number) != answer:
            answer = not answer
            yield present
        present = instant
        number = add(number, change)
    if present is not None and is_met_by(number) != answer:
        yield present
