"""Whoever is new is created once, and everything that names them leads to them."""

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.store import Json, Store


def test_50_parallel_first_events_make_one_customer(store: Store) -> None:
    def first_event(number: int) -> str:
        unique_id = f"visit-{number}"
        event: Json = {
            "eventName": "Visited",
            "customer": {"email": "grace@example.com", "phoneNumber": "+14155550123"},
            "uniqueId": unique_id,
        }
        assert store.send(event).status_code == 202
        return unique_id

    with ThreadPoolExecutor(25) as senders:
        unique_ids = list(senders.map(first_event, range(50)))

    customers = {store.settled(unique_id)["customerId"] for unique_id in unique_ids}
    assert customers == {store.customer(email="grace@example.com")["id"]}
    assert customers == {store.customer(phoneNumber="+14155550123")["id"]}
    assert len(store.timeline_of(50, email="grace@example.com")) == 50


def test_a_customer_is_created_and_changed_by_put(store: Store) -> None:
    grace = {"email": "Grace@example.com", "firstName": "Grace", "customFields": {"Tier": "Gold"}}
    created = store.http.put("/customers", json=grace)
    changed = store.http.put("/customers", json={"email": "grace@example.com", "lastName": "H."})
    assert (created.status_code, changed.status_code) == (201, 200)
    assert changed.json()["id"] == created.json()["id"]

    store.send({"eventName": "Visited", "customer": {"email": "grace@example.com"}})
    (visit,) = store.timeline_of(1, email="grace@example.com")
    assert visit["eventName"] == "Visited"
    customer = store.customer(email="grace@example.com")
    assert (customer["firstName"], customer["lastName"]) == ("Grace", "H.")
    assert customer["customFields"] == {"Tier": "Gold"}
