"""A queue that answers at once: the transport under botocore is a stub, all above it is real."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

from footfall.settings import Setting

QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/events"

_ANSWER = b'{"MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592","MessageId":"5fea7756"}'
_HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "Content-Length": str(len(_ANSWER)),
    "x-amzn-RequestId": "4fe0b1a2",
}
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    Setting.EVENTS_QUEUE_URL: QUEUE_URL,
}


class Queue:
    """What stands where the network was."""

    def __init__(self) -> None:
        self._request: str | bytes = "{}"

    @property
    def sent(self) -> str:
        """The body of the last message."""
        return str(json.loads(self._request)["MessageBody"])

    def answer(self, request: AWSPreparedRequest) -> AWSResponse:
        """Confirm a message."""
        assert isinstance(request.body, str | bytes), "SQS speaks JSON"
        self._request = request.body
        return AWSResponse(request.url, 200, HTTPHeaders.from_dict(_HEADERS), _Content())


class _Content:
    """The body of an answer, as urllib3 has it."""

    def stream(self) -> Iterator[bytes]:
        yield _ANSWER


@contextmanager
def instant_queue() -> Iterator[Queue]:
    """Let the block send to a queue that answers at once; what functions print goes nowhere."""
    queue = Queue()
    with (
        pytest.MonkeyPatch.context() as patch,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
    ):
        for name, value in _ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(URLLib3Session, "send", lambda _session, request: queue.answer(request))
        yield queue
