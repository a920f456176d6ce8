"""Stands for the event source mapping between the events queue and process."""

from footfall.aws import clients
from footfall.settings import Setting, read_setting
from tests.builders import deliver, raw_message


def process_the_queue() -> None:
    """Let process store what is queued, and take it out of the queue."""
    url = read_setting(Setting.EVENTS_QUEUE_URL)
    for message in clients.sqs().receive_message(QueueUrl=url).get("Messages", []):
        assert deliver(raw_message(message["Body"], message["MessageId"])) == []
        clients.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
