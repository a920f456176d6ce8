"""A store has its requests per second for each endpoint, and no other store pays for them."""

import asyncio
import time

import httpx

from tests.e2e.polling import eventually
from tests.e2e.problems import problem
from tests.e2e.store import Store

BURST = 100
RATE = 100
REQUESTS = 300


def test_more_than_100_requests_in_a_second_are_too_many(store: Store, other_store: Store) -> None:
    started = time.monotonic()
    answers = asyncio.run(_all_at_once(store, "/events"))
    elapsed = time.monotonic() - started

    refused = [answer for answer in answers if answer.status_code == 429]
    admitted = [answer for answer in answers if answer.status_code == 400]
    assert len(refused) + len(admitted) == REQUESTS
    assert BURST <= len(admitted) <= BURST + RATE * elapsed
    for answer in refused:
        problem(answer, 429)
        assert int(answer.headers["Retry-After"]) >= 1

    assert store.http.post("/events/bulk", json={}).status_code == 400
    assert other_store.http.post("/events", json={}).status_code == 400
    eventually(lambda: store.http.post("/events", json={}).status_code == 400)


async def _all_at_once(store: Store, path: str) -> list[httpx.Response]:
    """Send empty objects, which are refused: cheap for the function behind the gateway."""
    async with httpx.AsyncClient(
        base_url=store.http.base_url,
        headers=store.http.headers,
        limits=httpx.Limits(max_connections=None),
        timeout=store.http.timeout,
        trust_env=False,
    ) as client:
        requests = (client.post(path, json={}) for _ in range(REQUESTS))
        return await asyncio.gather(*requests)
