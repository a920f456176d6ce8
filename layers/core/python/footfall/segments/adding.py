"""What events add to sums: exact decimals, never rounded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

from footfall.domain.numbers import is_number
from footfall.segments.happening import Happening
from footfall.segments.paths import reader_of

ZERO = Decimal(0)
_EXACT = Context(prec=1_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
add, subtract = _EXACT.add, _EXACT.subtract


@dataclass(frozen=True, slots=True, eq=False)
class Addend:
    """What is added up.

    Attributes:
        path: where it stands in an event.
        amount_of: returns what an event adds: every number that the path leads to.
    """

    path: str
    amount_of: Callable[[Happening], Decimal]


def addend_of(path: str) -> Addend:
    """Return the addend that stands there."""
    read = reader_of(path)

    def amount_of(event: Happening) -> Decimal:
        total = ZERO
        for value in read(event):
            if is_number(value):
                total = add(total, value)
        return total

    return Addend(path, amount_of)


def exact_sum(numbers: Iterable[Decimal]) -> Decimal:
    """Return the sum of the numbers, without rounding."""
    with localcontext(_EXACT):
        return sum(numbers, start=ZERO)
