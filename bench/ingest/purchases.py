"""The requests that are measured: purchases as a shop would send them, no two of them the same."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from footfall.http.customerio_routes import CALL_BATCH, TRACK_BATCH
from footfall.http.klaviyo_routes import CREATE_EVENT_BULK_JOB
from footfall.http.requests import ProxyEvent
from footfall.http.route import Route
from footfall.http.routes import CREATE_EVENT, CREATE_EVENTS
from tests.proxy_events import proxy_event

BULK = 100
BODIES = 8
"""Different requests of each shape, sent in turn."""

_FEW = 10
_KLAVIYO_REVISION = {"revision": "2026-07-15"}
_SECOND = 1_775_131_200
_CATEGORIES = ("apparel", "shoes", "home", "garden", "toys", "books", "outdoor")
_CITIES = ("Lehi", "Portland", "Austin", "Denver", "Madison")


@dataclass(frozen=True, slots=True)
class Shape:
    """Requests of one form.

    Attributes:
        title: what the page calls it.
        events: in each request.
        route: where they are sent to.
        body_of: makes the document of a request, by the numbers of its events.
        headers: beside the media type.
    """

    title: str
    events: int
    route: Route
    body_of: Callable[[Sequence[int]], object]
    headers: Mapping[str, str] | None = None

    def requests(self) -> list[ProxyEvent]:
        """Return a few different requests."""
        numbers = (
            range(at, at + self.events) for at in range(0, BODIES * self.events, self.events)
        )
        bodies = (json.dumps(self.body_of(few), separators=(",", ":")) for few in numbers)
        return [proxy_event(self.route, body, headers=self.headers) for body in bodies]


def _purchase(number: int, customers: int) -> dict[str, Any]:
    return {
        "eventName": "purchase_completed",
        "customer": {"email": _email(number, customers)},
        "eventTimestamp": _instant(number),
        "value": _amount(number),
        "valueCurrency": "USD",
        "data": _data(number),
    }


def _bulk(numbers: Sequence[int]) -> object:
    return {"events": [_purchase(number, _FEW) for number in numbers]}


def _bulk_of_strangers(numbers: Sequence[int]) -> object:
    return {"events": [_purchase(number, BULK) for number in numbers]}


def _bulk_with_unique_ids(numbers: Sequence[int]) -> object:
    return {
        "events": [
            {**_purchase(number, _FEW), "uniqueId": f"order-{1_000_000 + number}"}
            for number in numbers
        ]
    }


def _bulk_with_profiles(numbers: Sequence[int]) -> object:
    return {
        "events": [
            {**_purchase(number, _FEW), "customer": _profile(number % _FEW)} for number in numbers
        ]
    }


def _single(numbers: Sequence[int]) -> object:
    return _purchase(numbers[0], _FEW)


def _klaviyo_job(numbers: Sequence[int]) -> object:
    return _klaviyo_job_of(_FEW, numbers)


def _klaviyo_job_of_strangers(numbers: Sequence[int]) -> object:
    return _klaviyo_job_of(BULK, numbers)


def _klaviyo_job_of(customers: int, numbers: Sequence[int]) -> object:
    profiles = [
        {
            "type": "event-bulk-create",
            "attributes": {
                "profile": {
                    "data": {
                        "type": "profile",
                        "attributes": {"email": _email(customer, customers), "properties": {}},
                    }
                },
                "events": {
                    "data": [
                        _klaviyo_event(number)
                        for number in numbers
                        if number % customers == customer
                    ]
                },
            },
        }
        for customer in range(customers)
    ]
    attributes = {"events-bulk-create": {"data": profiles}}
    return {"data": {"type": "event-bulk-create-job", "attributes": attributes}}


def _klaviyo_event(number: int) -> object:
    return {
        "type": "event",
        "attributes": {
            "metric": {"data": {"type": "metric", "attributes": {"name": "purchase_completed"}}},
            "properties": _data(number),
            "time": _instant(number),
            "value": _amount(number),
            "value_currency": "USD",
            "unique_id": f"order-{1_000_000 + number}",
        },
    }


def _track_batch(numbers: Sequence[int]) -> object:
    return {
        "batch": [
            {
                "type": "person",
                "action": "event",
                "name": "purchase_completed",
                "identifiers": {"id": f"C-{number % _FEW}"},
                "timestamp": _SECOND + number,
                "attributes": {**_data(number), "value": _amount(number), "currency": "USD"},
            }
            for number in numbers
        ]
    }


def _pipelines_batch(numbers: Sequence[int]) -> object:
    return {
        "batch": [
            {
                "type": "track",
                "event": "purchase_completed",
                "userId": f"C-{number % _FEW}",
                "messageId": f"ajs-{1_000_000 + number}",
                "timestamp": _instant(number),
                "properties": {**_data(number), "value": _amount(number), "currency": "USD"},
            }
            for number in numbers
        ]
    }


def _profile(customer: int) -> object:
    return {
        "id": f"C-{customer}",
        "email": _email(customer, _FEW),
        "phoneNumber": f"+1415555{1_000 + customer}",
        "firstName": "Jane",
        "lastName": "Doe",
        "location": {
            "city": _CITIES[customer % len(_CITIES)],
            "stateCode": "UT",
            "postalCode": f"{84_000 + customer}",
            "countryCode": "US",
        },
        "customFields": {"Loyalty Tier": "gold", "Points": 1_200 + customer},
    }


def _email(number: int, customers: int) -> str:
    return f"jane.doe.{number % customers}@example.com"


def _instant(number: int) -> str:
    minute, second = divmod(number, 60)
    return f"2026-04-02T12:{minute % 60:02}:{second:02}.{number % 1_000:03}Z"


def _amount(number: int) -> float:
    return 20 + number + 0.99


def _data(number: int) -> Mapping[str, object]:
    return {
        "order_id": f"{1_000_000 + number}",
        "product_name": f"Merino Crew Neck Sweater {number % 40}, Navy, M",
        "category": _CATEGORIES[number % len(_CATEGORIES)],
        "item_count": number % 5 + 1,
        "discount_code": "SPRING10",
        "shipping_total": 4.95 + number % 7,
    }


SHAPES: Mapping[str, Shape] = {
    "bulk": Shape("bulk of 100, of 10 customers", BULK, CREATE_EVENTS, _bulk),
    "strangers": Shape("bulk of 100, of 100 customers", BULK, CREATE_EVENTS, _bulk_of_strangers),
    "uniqueIds": Shape("bulk of 100, with `uniqueId`", BULK, CREATE_EVENTS, _bulk_with_unique_ids),
    "profiles": Shape(
        "bulk of 100, with 11 fields of each customer", BULK, CREATE_EVENTS, _bulk_with_profiles
    ),
    "single": Shape("one event", 1, CREATE_EVENT, _single),
    "klaviyo": Shape(
        "Klaviyo's bulk job of 100, of 10 profiles",
        BULK,
        CREATE_EVENT_BULK_JOB,
        _klaviyo_job,
        _KLAVIYO_REVISION,
    ),
    "klaviyoStrangers": Shape(
        "Klaviyo's bulk job of 100, of 100 profiles",
        BULK,
        CREATE_EVENT_BULK_JOB,
        _klaviyo_job_of_strangers,
        _KLAVIYO_REVISION,
    ),
    "pipelines": Shape("Customer.io's Pipelines batch of 100", BULK, CALL_BATCH, _pipelines_batch),
    "track": Shape("Customer.io's Track batch of 100", BULK, TRACK_BATCH, _track_batch),
}
"""By the name under which results.json keeps them."""

TARGET = "bulk"
