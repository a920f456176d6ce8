"""The segments of a store, as an integrator sees them, and the events that move customers."""

from datetime import UTC, datetime, timedelta

from footfall.domain.timestamps import format_timestamp
from tests.e2e.polling import eventually
from tests.e2e.store import Json, Store

MINUTE = timedelta(minutes=1)


def event(
    email: str, name: str = "Visited", ago: timedelta = timedelta(), **fields: object
) -> Json:
    """Return an event of a customer, with a timestamp of so long ago."""
    at = format_timestamp(datetime.now(UTC) - ago)
    return {"eventName": name, "customer": {"email": email}, "eventTimestamp": at, **fields}


def instant(text: str) -> datetime:
    """Return the instant of a timestamp that the API or the bus shows."""
    return datetime.fromisoformat(text)


class Segments:
    """The segments of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._http = store.http

    def put(self, segment_id: str, definition: Json, *, status: int = 201) -> Json:
        """Store a segment, or change it."""
        document = {"name": segment_id, "definition": definition}
        answer = self._http.put(f"/segments/{segment_id}", json=document)
        assert answer.status_code == status, answer.text
        segment: Json = answer.json()
        return segment

    def get(self, segment_id: str) -> Json | None:
        """Return a segment, or None when the store has no such segment."""
        answer = self._http.get(f"/segments/{segment_id}")
        assert answer.status_code in {200, 404}, answer.text
        return answer.json() if answer.status_code == 200 else None

    def live(self, segment_id: str) -> Json:
        """Wait until every customer is decided on the segment, and return it."""

        def live_segment() -> Json | None:
            segment = self.get(segment_id)
            return segment if segment and segment["status"] == "live" else None

        return eventually(live_segment, seconds=60)

    def delete(self, segment_id: str) -> None:
        """Delete a segment."""
        assert self._http.delete(f"/segments/{segment_id}").status_code == 204

    def members(self, segment_id: str) -> dict[str, str]:
        """Return the customers in a segment, with the instants since when."""
        members: dict[str, str] = {}
        headers = {"X-Page-Size": "500"}
        while True:
            answer = self._http.get(f"/segments/{segment_id}/customers", headers=headers)
            assert answer.status_code == 200, answer.text
            members |= {one["id"]: one["since"] for one in answer.json()["customers"]}
            if not (next_page := answer.headers.get("X-Page-Next")):
                return members
            headers["X-Page-Continue"] = next_page

    def come_to(self, segment_id: str, *customer_ids: str, seconds: float = 30) -> None:
        """Wait until exactly these customers are in a segment, by its list and by its count."""

        def exactly_they_are_in() -> bool:
            segment = self.get(segment_id)
            return (
                segment is not None
                and segment["memberCount"] == len(customer_ids)
                and self.members(segment_id).keys() == set(customer_ids)
            )

        eventually(exactly_they_are_in, seconds=seconds)

    def of_customer(self, customer_id: str) -> dict[str, str]:
        """Return what a customer is in, with the instants since when."""
        answer = self._http.get(f"/customers/{customer_id}/segments")
        assert answer.status_code == 200, answer.text
        return {one["id"]: one["since"] for one in answer.json()["segments"]}

    def preview(self, definition: Json, *customer_ids: str) -> dict[str, bool]:
        """Return for each customer whether it would be a member."""
        document = {"definition": definition, "customerIds": customer_ids}
        answer = self._http.post("/segments/preview", json=document)
        assert answer.status_code == 200, answer.text
        return {one["id"]: one["member"] for one in answer.json()["customers"]}

    def new_customer(self, email: str, **fields: object) -> str:
        """Create a customer by PUT, and return the id."""
        answer = self._http.put("/customers", json={"email": email, **fields})
        assert answer.status_code == 201, answer.text
        customer_id: str = answer.json()["id"]
        return customer_id
