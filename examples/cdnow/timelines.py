"""Reads the timelines of customers back through the API, as the purchases they were."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import cast
from urllib.parse import quote

from cli.api import ApiError, StoreApi, read_object, read_problem
from examples.cdnow.purchases import Purchase
from footfall.domain.values import JsonObject
from footfall.http.paging import (
    MAX_PAGE_SIZE,
    PAGE_CONTINUE_HEADER,
    PAGE_NEXT_HEADER,
    PAGE_SIZE_HEADER,
)

_READERS = 4


async def read_timelines(
    customers: Iterable[str], api: StoreApi, advance: Callable[[], None]
) -> Mapping[str, Purchase]:
    """Return the purchases on the timelines of the customers, by event id."""
    found: dict[str, Purchase] = {}
    waiting = iter(customers)

    async def read() -> None:
        for customer in waiting:
            for event in await _read_timeline(customer, api):
                found[str(event["eventId"])] = _to_purchase(customer, event)
            advance()

    await asyncio.gather(*(read() for _ in range(_READERS)))
    return found


async def _read_timeline(customer: str, api: StoreApi) -> Sequence[JsonObject]:
    events: list[JsonObject] = []
    headers = {PAGE_SIZE_HEADER: str(MAX_PAGE_SIZE)}
    while True:
        response = await api.request(
            "GET", f"/customers/{quote(customer, safe='')}/events", headers=headers
        )
        if response.status_code == HTTPStatus.NOT_FOUND:
            return []
        if response.status_code != HTTPStatus.OK:
            raise ApiError(f"A timeline cannot be read: {read_problem(response)}")
        events += cast("Sequence[JsonObject]", read_object(response)["events"])
        if PAGE_NEXT_HEADER not in response.headers:
            return events
        headers[PAGE_CONTINUE_HEADER] = response.headers[PAGE_NEXT_HEADER]


def _to_purchase(customer: str, event: JsonObject) -> Purchase:
    data = cast("JsonObject", event["data"])
    return Purchase(
        row=int(str(event["uniqueId"])),
        customer=customer,
        at=str(event["eventTimestamp"]),
        cds=cast("int", data["cds"]),
        dollars=Decimal(str(event["value"])),
    )
