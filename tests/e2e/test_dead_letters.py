"""A poison event goes to the dead-letter queue with its reason, and takes nobody with it."""

from collections.abc import Iterator

import boto3
import pytest

from footfall.domain.strict_json import dump_json
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.polling import eventually
from tests.e2e.store import Json, Store


@pytest.fixture(autouse=True)
def boto3_at_hand(cloud: LocalCloud) -> Iterator[None]:
    with cloud.reached_by_boto3():
        yield


def test_a_poison_event_dies_alone(cloud: LocalCloud, store: Store) -> None:
    events = [_accepted("first"), _accepted("poison"), _accepted("third")]
    del events[1]["identifiers"]
    _put_into_queue(
        cloud,
        dump_json(
            {
                "version": 1,
                "storeId": store.store_id,
                "receivedAt": "2026-11-21T00:00:00Z",
                "source": "redo",
                "events": events,
            }
        ),
    )

    assert store.settled("first")["status"] == "stored"
    assert store.settled("third")["status"] == "stored"
    dead = store.settled("poison")
    assert dead["status"] == "dead"
    assert dead["eventId"] == "event-poison"
    letter = eventually(lambda: _dead_letter(cloud, store.store_id))
    assert letter["MessageAttributes"]["reason"]["StringValue"] == dead["reason"]
    assert '"uniqueId":"poison"' in letter["Body"]
    assert '"uniqueId":"first"' not in letter["Body"]


def test_a_message_that_nobody_can_read_is_kept_as_it_came(cloud: LocalCloud, store: Store) -> None:
    _put_into_queue(cloud, f"no envelope, from {store.store_id}")
    letter = eventually(lambda: _dead_letter(cloud, store.store_id))
    assert letter["Body"] == f"no envelope, from {store.store_id}"
    assert letter["MessageAttributes"]["reason"]["StringValue"]


def test_operators_see_dead_letters_and_redrive_them(cloud: LocalCloud, store: Store) -> None:
    _put_into_queue(cloud, f"nothing, from {store.store_id}")
    letter = eventually(lambda: _dead_letter(cloud, store.store_id))
    reason = letter["MessageAttributes"]["reason"]["StringValue"]
    assert reason in cloud.footfall("dlq", "list")

    cloud.footfall("dlq", "redrive", "--all")

    def comes_back() -> bool:
        again = _dead_letter(cloud, store.store_id)
        return again is not None and again["MessageId"] != letter["MessageId"]

    eventually(comes_back)


def _accepted(unique_id: str) -> Json:
    return {
        "eventId": f"event-{unique_id}",
        "eventName": "Visited",
        "eventTimestamp": "2026-11-20T12:00:00Z",
        "identifiers": {"email": "ada@example.com"},
        "uniqueId": unique_id,
    }


def _put_into_queue(cloud: LocalCloud, body: str) -> None:
    boto3.client("sqs").send_message(QueueUrl=cloud.outputs["EventsQueueUrl"], MessageBody=body)


def _dead_letter(cloud: LocalCloud, store_id: str) -> Json | None:
    messages = boto3.client("sqs").receive_message(
        QueueUrl=cloud.outputs["DeadLetterQueueUrl"],
        MessageAttributeNames=["All"],
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
    )
    for message in messages.get("Messages", []):
        if store_id in message["Body"]:
            return dict(message)
    return None
