"""How much of everything that AWS counts is used, by an event or in a month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from cli.cost.prices import PRICES, Billed, Service

Usage: TypeAlias = Mapping[Billed, Decimal]


def together(usages: Iterable[Usage]) -> Usage:
    """Return the sum of usages."""
    total: dict[Billed, Decimal] = defaultdict(Decimal)
    for usage in usages:
        for billed, number in usage.items():
            total[billed] += number
    return dict(total)


def times(usage: Usage, factor: Decimal) -> Usage:
    """Return a usage so many times."""
    return {billed: number * factor for billed, number in usage.items()}


def between(one: Usage, other: Usage, share: Decimal) -> Usage:
    """Return the usage on the straight line from one to the other; a share of 1 is the other."""
    return together([times(one, 1 - share), times(other, share)])


def dollars_by_service(usage: Usage) -> dict[Service, Decimal]:
    """Return what a usage costs, in the order of the bill; requests at the price of the first."""
    dollars = dict.fromkeys(Service, Decimal(0))
    for billed, number in usage.items():
        price = PRICES[billed]
        dollars[price.service] += price.of(number)
    return dollars


def dollars_of(usage: Usage) -> Decimal:
    """Return what a usage costs in all."""
    return sum(dollars_by_service(usage).values(), Decimal(0))
