"""An invocation once more, with the answers that were recorded: the transport is a stub.

All of botocore takes place, from the checks of the parameters over the signature to the reading of
the answer; but no byte is sent. The floor of an invocation are the same calls, made by a bare
botocore client from parameters that lie ready.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from functools import cache
from io import BytesIO, StringIO
from types import SimpleNamespace

import boto3
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from moto.core.models import botocore_stubber

from bench.pipeline.clock import hurried_clock, pass_time
from bench.pipeline.recording import Invocation
from footfall.settings import Setting

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
"""What Lambda tells a function about its time."""


@contextmanager
def played_back(invocations: Sequence[Invocation]) -> Iterator[None]:
    """Give what was answered to these invocations, in their order, to whatever the block sends.

    It takes place inside of `pipeline`, whose functions remember what they have read.

    Args:
        invocations: of one function.

    Raises:
        AssertionError: when the block sends more or less than was answered.
    """
    answers = iter(
        [answer for one in invocations for call in one.calls for answer in call.http_answers]
    )

    def answer(_session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        given = next(answers, None)
        assert given is not None, "more is asked for than was recorded"
        headers = HTTPHeaders.from_dict(given.headers)
        return AWSResponse(request.url, given.status, headers, _Raw(given.content))

    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()), hurried_clock():
        for setting in Setting:
            patch.delenv(setting, raising=False)
        for name, value in invocations[0].settings.items():
            patch.setenv(name, value)
        patch.setattr(botocore_stubber, "enabled", False)  # moto does not answer
        patch.setattr(URLLib3Session, "send", answer)
        yield
    assert next(answers, None) is None, "not every recorded answer was asked for"


def invoke_again(invocation: Invocation) -> None:
    """Let the function do its work once more; inside of `played_back`."""
    pass_time()
    invocation.handler(invocation.event, CONTEXT)


def call_again(invocation: Invocation, *, as_configured: bool = False) -> None:
    """Make the calls of the invocation only, by botocore alone; inside of `played_back`.

    Args:
        as_configured: by the clients of the function, as it has set them; else by bare ones.
    """
    for call in invocation.calls:
        client = call.client if as_configured else _bare(call.client)
        operation = getattr(client, xform_name(call.operation))
        with suppress(ClientError):  # conditions that did not hold do so again
            operation(**call.parameters)


def _bare(client: BaseClient) -> BaseClient:
    """Return a client of the same service as boto3 makes it when nothing is asked of it."""
    return _bare_client(client.meta.service_model.service_name)


@cache
def _bare_client(service: str) -> BaseClient:
    return boto3.Session().client(service)  # type: ignore[call-overload,no-any-return]


class _Raw(BytesIO):
    """A body as urllib3 has it."""

    def stream(self) -> Iterator[bytes]:
        """Return the whole body."""
        yield self.read()
