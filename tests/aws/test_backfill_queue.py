"""A change of a segment asks for the walk over the customers, once every worker knows of it."""

from footfall.aws.backfill_queue import start_backfill
from footfall.aws.backfills import Walk
from footfall.settings import Setting, read_setting
from tests.aws_calls import recorded_calls
from tests.moto_cloud import moto_cloud

BODY = '{"storeId":"store-a","segmentId":"vip","number":3,"generation":7,"shard":null}'


def test_the_message_names_the_change_and_waits_in_the_group_of_its_store() -> None:
    with moto_cloud(), recorded_calls() as calls:
        start_backfill(Walk("store-a", "vip", 3, 7))
        url = read_setting(Setting.BACKFILL_QUEUE_URL)
    ((operation, sent),) = calls
    assert operation == "SendMessage"
    assert sent == {
        "QueueUrl": url,
        "MessageBody": BODY,
        "MessageGroupId": "store-a",
        "DelaySeconds": 5,
    }
