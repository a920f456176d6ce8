"""The catalogue knows every event name of a store, and the types of its properties."""

from tests.e2e.polling import eventually
from tests.e2e.store import Json, Store


def test_names_are_counted_with_their_properties(store: Store) -> None:
    def event(name: str, minute: int, data: Json) -> Json:
        return {
            "eventName": name,
            "customer": {"email": "ada@example.com"},
            "eventTimestamp": f"2026-05-01T12:{minute:02}:00Z",
            "data": data,
        }

    store.send_bulk(
        [
            event("Ordered", 1, {"Total": 12.5, "Coupon": "MAY"}),
            event("Ordered", 3, {"Total": "unknown", "Gift": True}),
            event("Visited", 2, {"At": "2026-05-01T12:00:00Z", "Pages": ["/", "/sale"]}),
        ]
    )

    def complete_catalogue() -> Json | None:
        names = store.http.get("/event-names").json()["eventNames"]
        catalogue = {name["name"]: name for name in names}
        return catalogue if [name["count"] for name in names] == [2, 1] else None

    catalogue = eventually(complete_catalogue)
    ordered, visited = catalogue["Ordered"], catalogue["Visited"]
    assert (ordered["firstSeen"], ordered["lastSeen"]) == (
        "2026-05-01T12:01:00Z",
        "2026-05-01T12:03:00Z",
    )
    assert ordered["properties"] == [
        {"name": "Coupon", "types": ["string"]},
        {"name": "Gift", "types": ["boolean"]},
        {"name": "Total", "types": ["number", "string"]},
    ]
    assert visited["properties"] == [
        {"name": "At", "types": ["date"]},
        {"name": "Pages", "types": ["list"]},
    ]
