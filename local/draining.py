"""Lets the accepted events arrive before MiniStack stops.

MiniStack saves its services one after the other: an event on its way from the queue to the tables
could be in neither of the two.
"""

import time

import boto3

_SECONDS_TO_WAIT = 10
_SECONDS_BETWEEN_LOOKS = 0.1


def wait_until_stored(queue_url: str) -> None:
    """Wait until the queue is empty and nothing is being processed, or long enough."""
    sqs = boto3.client("sqs")
    deadline = time.monotonic() + _SECONDS_TO_WAIT
    while time.monotonic() < deadline:
        attributes = sqs.get_queue_attributes(
            QueueUrl=queue_url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        if not any(int(count) for count in attributes.values()):
            return
        time.sleep(_SECONDS_BETWEEN_LOOKS)
