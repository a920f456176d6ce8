"""Measures the running local cloud: `make run`, then `make throughput`.

It measures an emulator on one machine, so the numbers compare changes of Footfall, not Footfall on
AWS. Everything is bounded: 60 bulk requests of 100 events, and 300 single ones.
"""

import asyncio
import time
from collections.abc import Sequence
from http import HTTPStatus

from rich.console import Console
from rich.table import Table

from cli.api import StoreApi, read_access, store_api
from cli.backlog import requests_waiting
from cli.cloud import Output, open_cloud
from footfall.domain.strict_json import dump_json

BULK_REQUESTS = 60
BULK = 100
SINGLE_REQUESTS = 300
PEOPLE = 500
REQUESTS_PER_SECOND = 95
SECONDS_BETWEEN_LOOKS = 0.1


def main() -> None:
    """Send single events, then bulks, and print how fast they were accepted and stored."""
    queue_url = open_cloud(None).output(Output.EVENTS_QUEUE_URL)
    table = Table("", "events", "accepted per second", "stored per second")
    single = [dump_json(_event(number)) for number in range(SINGLE_REQUESTS)]
    bulks = [
        dump_json({"events": [_event(start * BULK + number) for number in range(BULK)]})
        for start in range(BULK_REQUESTS)
    ]
    for title, path, bodies, size in (
        ("one per request", "/events", single, 1),
        ("bulk of 100", "/events/bulk", bulks, BULK),
    ):
        events = len(bodies) * size
        begin = time.perf_counter()
        asyncio.run(_send_all(path, bodies))
        accepted = time.perf_counter() - begin
        while requests_waiting(queue_url):
            time.sleep(SECONDS_BETWEEN_LOOKS)
        stored = time.perf_counter() - begin
        table.add_row(title, f"{events:,}", f"{events / accepted:,.0f}", f"{events / stored:,.0f}")
    Console().print(table)


def _event(number: int) -> dict[str, object]:
    return {
        "eventName": "benchmark",
        "customer": {"email": f"{number % PEOPLE}@example.com"},
        "value": number,
        "data": {"category": "apparel", "item_count": 3},
    }


async def _send_all(path: str, bodies: Sequence[str]) -> None:
    access = read_access(None, None, None, None)
    async with store_api(access, REQUESTS_PER_SECOND) as api:
        await asyncio.gather(*(_send(api, path, body) for body in bodies))


async def _send(api: StoreApi, path: str, body: str) -> None:
    answer = await api.request("POST", path, content=body)
    if answer.status_code != HTTPStatus.ACCEPTED:
        raise RuntimeError(answer.text)


if __name__ == "__main__":
    main()
