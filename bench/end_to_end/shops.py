"""Shops, and the requests that they send."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from bench.end_to_end.traffic import Request
from tests.e2e.store import Store

BULK = 100
PEOPLE = 500
"""Who is known in each store, once they have been introduced."""

_tokens = itertools.count()


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of events come.

    Attributes:
        bulk: how many come in a request.
        unique: whether each has a uniqueId.
        of_new_people: whether nobody has seen their customers before.
    """

    bulk: int = BULK
    unique: bool = False
    of_new_people: bool = False


class Shops:
    """A few stores that take turns: a store alone may send a hundred requests a second."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self._stores = stores

    def introduction(self) -> list[Request]:
        """Return requests after which each store knows its people."""
        return [
            _request(store, [_event(_known(start + number), start) for number in range(BULK)])
            for store in self._stores
            for start in range(0, PEOPLE, BULK)
        ]

    def requests(self, kind: Kind, count: int) -> list[Request]:
        """Return so many requests, none of which has been sent before."""
        token = next(_tokens)
        stores = itertools.cycle(self._stores)
        return [
            _request(
                next(stores),
                [self._event(kind, token, start + number) for number in range(kind.bulk)],
            )
            for start in range(0, count * kind.bulk, kind.bulk)
        ]

    def _event(self, kind: Kind, token: int, number: int) -> dict[str, object]:
        event = _event(f"new-{token}-{number}" if kind.of_new_people else _known(number), number)
        return event | ({"uniqueId": f"order-{token}-{number}"} if kind.unique else {})


def _known(number: int) -> str:
    return f"known-{number % PEOPLE}"


def _event(person: str, number: int) -> dict[str, object]:
    return {
        "eventName": "purchase_completed",
        "customer": {"email": f"{person}@example.com"},
        "value": number,
        "valueCurrency": "USD",
        "data": {"category": "apparel", "item_count": 3},
    }


def _request(store: Store, events: Sequence[dict[str, object]]) -> Request:
    is_single = len(events) == 1
    return Request(
        f"/stores/{store.store_id}/events{'' if is_single else '/bulk'}",
        {"Authorization": f"Bearer {store.api_key}", "Content-Type": "application/json"},
        json.dumps(events[0] if is_single else {"events": events}).encode(),
        HTTPStatus.ACCEPTED,
    )
