"""The requests and segments of all measures: a shop's purchases, and what is asked about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from footfall.domain.strict_json import dump_json
from footfall.domain.timestamps import format_timestamp
from tests.segments.naive import Document

_CATEGORIES = ("apparel", "shoes", "garden", "books")
_SECONDS_BETWEEN_EVENTS = 7


class Shop:
    """Sends what its customers do, an event every few seconds of its clock.

    Args:
        people: how many customers take turns.
        begin: when the first event happened.
        has_unique_ids: each event has a `uniqueId` of its own.
    """

    def __init__(self, people: int, begin: datetime, *, has_unique_ids: bool = False) -> None:
        self._people = people
        self._begin = begin
        self._has_unique_ids = has_unique_ids
        self._numbers = count()

    def event(self) -> Mapping[str, Any]:
        """Return the next event as its client sends it, about 350 bytes of JSON."""
        number = next(self._numbers)
        happened_at = self._begin + timedelta(seconds=number * _SECONDS_BETWEEN_EVENTS)
        person = number % self._people
        event = {
            "eventName": "purchase_completed",
            "eventTimestamp": format_timestamp(happened_at),
            "customer": {"email": f"customer-{person}@example.com"},
            "value": 20 + number % 100,
            "valueCurrency": "USD",
            "data": {
                "order_id": f"order-{number}",
                "category": _CATEGORIES[number % len(_CATEGORIES)],
                "item_count": 1 + number % 5,
                "shipping": 4.95,
                "is_gift": number % 9 == 0,
            },
        }
        return event | ({"uniqueId": f"order-{number}"} if self._has_unique_ids else {})

    def single(self) -> str:
        """Return the body of a request with one event."""
        return dump_json(self.event())

    def bulk(self, size: int = 100) -> str:
        """Return the body of a request with many events."""
        return dump_json({"events": [self.event() for _ in range(size)]})


def touched_segments(number: int) -> Mapping[str, Document]:
    """Return so many segments that ask for each purchase, of five kinds in turn.

    Counts and sums, of all time and of a window, and one with a property. Their thresholds differ,
    and are so high that memberships are at rest: transitions are measured by themselves.
    """
    return {f"touched-{place}": _touched(place) for place in range(number)}


def other_segments(number: int) -> Mapping[str, Document]:
    """Return so many segments that no purchase touches."""
    return {
        f"other-{place}": {"event": f"event {place}", "within": {"last": f"{1 + place % 365}d"}}
        for place in range(number)
    }


def _touched(place: int) -> Document:
    purchase: dict[str, Any] = {"event": "purchase_completed"}
    much = 1_000_000 + place
    kinds: Sequence[Mapping[str, Any]] = (
        {"count": {"gte": 2 + place // 5}},
        {"count": {"gte": 2 + place // 5}, "within": {"last": f"{30 + place}d"}},
        {"sum": {"of": "value", "gte": much}},
        {"sum": {"of": "value", "gte": much}, "within": {"last": f"{30 + place}d"}},
        {
            "where": {"property": "data.item_count", "op": "gte", "value": 1 + place % 2},
            "count": {"gte": 2 + place // 5},
        },
    )
    return purchase | dict(kinds[place % len(kinds)])
