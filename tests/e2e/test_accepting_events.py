"""An accepted event lands on its customer's timeline, whole and once."""

import boto3

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.polling import eventually
from tests.e2e.store import Json, Store

# The full example of Redo's published contract.
MILESTONE: Json = {
    "eventName": "Purchase Milestone Reached",
    "customer": {
        "id": "665f1a2b3c4d5e6f7a8b9c0d",
        "email": "Stewart@Example.com",
        "phoneNumber": "+11234567890",
        "firstName": "Stewart",
        "lastName": "Thompson",
        "location": {"city": "Seattle", "countryCode": "US", "latitude": 47.6062},
        "customFields": {"Age at Signup": 25, "Loyalty Tier": "Gold", "Accepts Marketing": True},
    },
    "eventTimestamp": "2026-04-02T12:00:00Z",
    "value": 299.99,
    "valueCurrency": "USD",
    "uniqueId": "milestone-test-001",
    "data": {
        "Milestone Type": "100th_purchase",
        "Total Spent": 5000,
        "First Order": False,
        "Coupons Used": 0,
        "$extra": {"Most Recent Order IDs": [1, 2, 3], "Returns": 0},
    },
}


def test_an_event_lands_on_its_customers_timeline(store: Store) -> None:
    answer = store.send(MILESTONE)
    assert (answer.status_code, answer.content) == (202, b"")

    settled = store.settled("milestone-test-001")
    customer = store.customer(email="stewart@example.com")
    assert settled["status"] == "stored"
    assert settled["customerId"] == customer["id"]
    assert customer["firstName"] == "Stewart"
    assert customer["location"]["city"] == "Seattle"
    assert customer["customFields"]["Loyalty Tier"] == "Gold"

    (event,) = store.timeline(customer["id"])
    assert event["eventId"] == settled["eventId"]
    assert event["eventName"] == "Purchase Milestone Reached"
    assert event["eventTimestamp"] == "2026-04-02T12:00:00Z"
    assert (event["value"], event["valueCurrency"]) == (299.99, "USD")
    assert event["data"] == {
        "Milestone Type": "100th_purchase",
        "Total Spent": 5000,
        "First Order": False,
        "$extra": {"Most Recent Order IDs": [1, 2, 3], "Returns": 0},
    }


def test_a_bulk_request_travels_as_one_message(cloud: LocalCloud, store: Store) -> None:
    events = [_visit(number) for number in range(100)]
    with cloud.reached_by_boto3(), cloud.processing_paused():
        assert store.send_bulk(events).status_code == 202
        attributes = boto3.client("sqs").get_queue_attributes(
            QueueUrl=cloud.outputs["EventsQueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )["Attributes"]
        assert attributes == {"ApproximateNumberOfMessages": "1"}

    timeline = store.timeline_of(100, email="bulk@example.com")
    assert [event["data"]["Number"] for event in timeline] == list(range(100, 0, -1))


def test_a_unique_id_may_hold_what_a_path_reserves(store: Store) -> None:
    unique_id = "order/7 50%25@shop #1?ü+"
    store.send(_visit(1) | {"uniqueId": unique_id})
    assert store.settled(unique_id)["uniqueId"] == unique_id


def test_a_timeline_is_filtered_by_name_and_time(store: Store) -> None:
    store.send_bulk([_visit(number) for number in range(4)] + [_visit(4) | {"eventName": "Left"}])
    customer_id = store.customer(email="bulk@example.com")["id"]
    eventually(lambda: len(store.timeline(customer_id)) == 5)

    left = store.timeline(customer_id, eventName="Left")
    assert [event["data"]["Number"] for event in left] == [5]
    between = {"from": "2026-01-01T00:01:00Z", "to": "2026-01-01T00:03:00Z"}
    assert [event["data"]["Number"] for event in store.timeline(customer_id, **between)] == [3, 2]


def _visit(minute: int) -> Json:
    return {
        "eventName": "Visited",
        "customer": {"email": "bulk@example.com"},
        "eventTimestamp": f"2026-01-01T{minute // 60:02}:{minute % 60:02}:00Z",
        "data": {"Number": minute + 1},
    }


def test_numbers_of_every_size_come_back_wherever_they_stand(store: Store) -> None:
    sizes = {"huge": 1e40, "largest": 9.99e125, "tiny": -1e-130}
    customer = {"email": "numbers@example.com", "customFields": sizes}
    event = {"eventName": "Measured", "customer": customer, "value": 1e38, "data": sizes}

    store.send(event | {"uniqueId": "numbers"})

    assert store.settled("numbers")["status"] == "stored"
    assert store.customer(email="numbers@example.com")["customFields"] == sizes
    (stored,) = store.timeline_of(1, email="numbers@example.com")
    assert (stored["value"], stored["data"]) == (1e38, sizes)
    assert store.counted("Measured", 1)
