"""Five segments over the CDNOW sample, and who is in them by the lines of the file alone.

The truths share nothing with the language: a line is `(customer, day, dollars)`, the day being the
midnight UTC at which the import lets the purchase happen.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from tests.segments.naive import Document

Truth: TypeAlias = Callable[[datetime], set[str]]

_FILE = Path(__file__).parents[2] / "examples" / "cdnow" / "cdnow_sample.txt"
_COLUMNS = [line.split() for line in _FILE.read_text().splitlines()]
LINES = [
    (customer, datetime.strptime(f"{day}Z", "%Y%m%d%z").astimezone(UTC), Decimal(dollars))
    for _, customer, day, _, dollars in _COLUMNS
]

NOW = datetime(1998, 6, 30, 12, tzinfo=UTC)
"""Some hours after the last purchase of the file."""

INSTANTS = (
    datetime(1996, 12, 31, tzinfo=UTC),
    datetime(1997, 1, 1, tzinfo=UTC),
    datetime(1997, 4, 1, tzinfo=UTC) - timedelta(microseconds=1),
    datetime(1997, 4, 1, tzinfo=UTC),
    datetime(1997, 5, 17, 9, 30, tzinfo=UTC),
    datetime(1997, 7, 1, tzinfo=UTC),
    datetime(1997, 9, 29, tzinfo=UTC),
    datetime(1997, 12, 24, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(1998, 3, 1, tzinfo=UTC),
    NOW,
    datetime(2026, 4, 2, 12, tzinfo=UTC),
)
"""When to ask; with midnights, at which windows of whole days begin and end with purchases."""


def _twice_in_a_quarter(now: datetime) -> set[str]:
    start, end = datetime(1997, 4, 1, tzinfo=UTC), datetime(1997, 7, 1, tzinfo=UTC)
    bought = Counter(customer for customer, day, _ in LINES if start <= day < end and day <= now)
    return {customer for customer, times in bought.items() if times >= 2}


def _over_100_in_90_days(now: datetime) -> set[str]:
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for customer, day, dollars in LINES:
        if timedelta(0) <= now - day < timedelta(days=90):
            spent[customer] += dollars
    return {customer for customer, dollars in spent.items() if dollars > 100}


def _in_one_half_year_only(now: datetime) -> set[str]:
    middle, end = datetime(1997, 7, 1, tzinfo=UTC), datetime(1998, 1, 1, tzinfo=UTC)
    first = {customer for customer, day, _ in LINES if day < middle and day <= now}
    return first - {customer for customer, day, _ in LINES if middle <= day < end and day <= now}


def _small_purchases_only(now: datetime) -> set[str]:
    times = Counter(customer for customer, day, _ in LINES if day <= now)
    big = {customer for customer, day, dollars in LINES if dollars > 20 and day <= now}
    return {customer for customer in times if times[customer] >= 3 and customer not in big}


def _dormant(now: datetime) -> set[str]:
    last = {customer: day for customer, day, _ in sorted(LINES) if day <= now}
    return {customer for customer, day in last.items() if now - day >= timedelta(days=180)}


_BOUGHT = {"event": "purchase_completed"}

SEGMENTS: Mapping[str, tuple[Document, Truth]] = {
    "twice_in_a_quarter": (
        {
            **_BOUGHT,
            "count": {"gte": 2},
            "within": {"from": "1997-04-01T00:00:00Z", "to": "1997-07-01T00:00:00Z"},
        },
        _twice_in_a_quarter,
    ),
    "over_100_in_90_days": (
        {**_BOUGHT, "sum": {"of": "value", "gt": 100}, "within": {"last": "90d"}},
        _over_100_in_90_days,
    ),
    "in_one_half_year_only": (
        {
            "all": [
                {
                    **_BOUGHT,
                    "within": {"from": "1997-01-01T00:00:00Z", "to": "1997-07-01T00:00:00Z"},
                },
                {
                    "not": {
                        **_BOUGHT,
                        "within": {"from": "1997-07-01T00:00:00Z", "to": "1998-01-01T00:00:00Z"},
                    }
                },
            ]
        },
        _in_one_half_year_only,
    ),
    "small_purchases_only": (
        {
            "all": [
                {**_BOUGHT, "count": {"gte": 3}},
                {"not": {**_BOUGHT, "where": {"property": "value", "op": "gt", "value": 20}}},
            ]
        },
        _small_purchases_only,
    ),
    "dormant": (
        {"all": [_BOUGHT, {**_BOUGHT, "count": {"eq": 0}, "within": {"last": "180d"}}]},
        _dormant,
    ),
}
"""By segment id: its definition, and the customers of whom it is true at an instant."""
