"""What the tests of ingest share: a cloud for each file, and a queue for each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from footfall.aws.clients import sqs
from footfall.settings import Setting
from tests.moto_cloud import moto_cloud


@pytest.fixture(scope="module")
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


@pytest.fixture
def queue(cloud: None, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: ARG001  # it comes first
    """Give the test an events queue of its own, and return its URL."""
    url = sqs().create_queue(QueueName=str(uuid4()))["QueueUrl"]
    monkeypatch.setenv(Setting.EVENTS_QUEUE_URL, url)
    return url
