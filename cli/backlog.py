"""How much of what was accepted is not stored yet."""

import boto3


def requests_waiting(queue_url: str) -> int:
    """Return about how many requests wait in the events queue, or are being processed."""
    answer = boto3.client("sqs").get_queue_attributes(
        QueueUrl=queue_url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )
    return sum(map(int, answer["Attributes"].values()))
