"""A store of the local cloud, as an integrator sees it: over HTTP, with an API key."""

from collections.abc import Mapping, Sequence
from typing import Any, Self
from urllib.parse import quote

import httpx

from tests.e2e.polling import eventually

Json = dict[str, Any]
_SECONDS_TO_ANSWER = 60


class Store:
    """A client of one store's part of the API."""

    def __init__(self, url: str, store_id: str, api_key: str) -> None:
        self.store_id = store_id
        self.api_key = api_key
        self.http = httpx.Client(
            base_url=f"{url}/stores/{store_id}",
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=_SECONDS_TO_ANSWER,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def send(self, event: Json, **headers: str) -> httpx.Response:
        """Send one event."""
        return self.http.post("/events", json=event, headers=headers)

    def send_bulk(self, events: Sequence[Json], **headers: str) -> httpx.Response:
        """Send up to 100 events in one request."""
        return self.http.post("/events/bulk", json={"events": events}, headers=headers)

    def send_raw(self, body: bytes, content_type: str = "application/json") -> httpx.Response:
        """Send a body that need not be an event, nor JSON."""
        return self.http.post("/events", content=body, headers={"Content-Type": content_type})

    def status(self, unique_id: str) -> Json | None:
        """Return what became of the event with this uniqueId, or None until it is known."""
        answer = self.http.get(f"/events/{quote(unique_id, safe='')}")
        return None if answer.status_code == httpx.codes.NOT_FOUND else _json(answer)

    def settled(self, unique_id: str) -> Json:
        """Wait until the event is stored or dead, and return which."""
        return eventually(lambda: self.status(unique_id))

    def customer(self, **identifier: str) -> Json:
        """Wait until there is a customer with this `email`, `phoneNumber` or `id`."""

        def find_customer() -> Json | None:
            answer = self.http.get("/customers", params=identifier)
            return None if answer.status_code == httpx.codes.NOT_FOUND else _json(answer)

        return eventually(find_customer)

    def timeline(self, customer_id: str, **query: str) -> list[Json]:
        """Return every event of a customer, newest first, page by page."""
        events: list[Json] = []
        headers: Mapping[str, str] = {"X-Page-Size": "100"}
        while True:
            answer = self.http.get(
                f"/customers/{customer_id}/events", params=query, headers=headers
            )
            events += _json(answer)["events"]
            if not (next_page := answer.headers.get("X-Page-Next")):
                return events
            headers = {"X-Page-Size": "100", "X-Page-Continue": next_page}

    def timeline_of(self, count: int, **identifier: str) -> list[Json]:
        """Wait until the customer has so many events, and return them."""
        customer_id = self.customer(**identifier)["id"]

        def complete_timeline() -> list[Json] | None:
            events = self.timeline(customer_id)
            return events if len(events) >= count else None

        return eventually(complete_timeline)

    def counted(self, name: str, count: int) -> bool:
        """Wait until the catalogue has counted so many events of a name."""

        def is_counted() -> bool:
            names = _json(self.http.get("/event-names"))["eventNames"]
            return (name, count) in [(entry["name"], entry["count"]) for entry in names]

        return eventually(is_counted)


def _json(answer: httpx.Response) -> Json:
    assert answer.status_code == httpx.codes.OK, answer.text
    document: Json = answer.json()
    return document
