"""Drives customerio-cdp-analytics: the Pipelines API of Customer.io; with `gzip`, packed."""

import sys
from functools import partial

from customerio.analytics import Client

from tests.sdks.python.calls import read_task, tell
from tests.sdks.python.queueing import call_and_flush

if __name__ == "__main__":
    task = read_task()
    tell(lambda: call_and_flush(partial(Client, gzip="gzip" in sys.argv), task))
