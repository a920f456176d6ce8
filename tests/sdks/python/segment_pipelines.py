"""Drives segment-analytics-python, whose API the Pipelines API of Customer.io follows."""

from segment.analytics.client import Client

from tests.sdks.python.calls import read_task, tell
from tests.sdks.python.queueing import call_and_flush

if __name__ == "__main__":
    task = read_task()
    tell(lambda: call_and_flush(Client, task))
