"""Other events on their way, while one of them is watched."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from tests.e2e.meanwhile import meanwhile

NOISE_PER_SECOND = 20
NOISE = "bench_noise"

_PEOPLE = 50


@contextmanager
def noise(http: httpx.Client) -> Iterator[None]:
    """Send other events to a store while the block runs."""

    def send(number: int) -> None:
        person = {"email": f"noise-{number % _PEOPLE}@example.com"}
        http.post("/events", json={"eventName": NOISE, "customer": person}).raise_for_status()

    def send_all(is_over: threading.Event) -> None:
        with ThreadPoolExecutor(4) as senders:
            number = 0
            while not is_over.wait(1 / NOISE_PER_SECOND):
                senders.submit(send, number)
                number += 1

    with meanwhile(send_all):
        yield
