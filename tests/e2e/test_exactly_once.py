"""An event with a uniqueId is stored once, however often and however parallel it arrives."""

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.store import Json, Store

ORDER: Json = {"eventName": "Ordered", "customer": {"email": "ada@example.com"}}


def test_duplicates_in_parallel_are_stored_once(store: Store) -> None:
    copies = [ORDER | {"uniqueId": "order-1", "data": {"Copy": copy}} for copy in range(1, 31)]
    with ThreadPoolExecutor(15) as senders:
        answers = list(senders.map(store.send, copies))
    assert {answer.status_code for answer in answers} == {202}

    store.send(ORDER | {"uniqueId": "order-2"})
    settled = {store.settled(unique_id)["eventId"] for unique_id in ("order-1", "order-2")}
    timeline = store.timeline_of(2, email="ada@example.com")
    assert {event["eventId"] for event in timeline} == settled
    assert len(timeline) == 2


def test_a_uniqueid_twice_in_one_request_is_stored_once(store: Store) -> None:
    store.send_bulk([ORDER | {"uniqueId": "twice"}] * 2 + [ORDER | {"uniqueId": "once"}])
    timeline = store.timeline_of(2, email="ada@example.com")
    assert sorted(event["uniqueId"] for event in timeline) == ["once", "twice"]


def test_a_retry_with_the_same_idempotency_key_stores_nothing_new(store: Store) -> None:
    for _ in range(2):
        headers = {"Idempotency-Key": "request-7"}
        assert store.send_bulk([ORDER, ORDER], **headers).status_code == 202
    store.send(ORDER | {"uniqueId": "last"})
    store.settled("last")
    timeline = store.timeline_of(3, email="ada@example.com")
    assert sorted(event["uniqueId"] for event in timeline) == ["last", "request-7:0", "request-7:1"]
