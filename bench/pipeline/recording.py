"""What a function asked of AWS in one invocation, and what AWS answered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import pytest
from botocore import endpoint
from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient
from botocore.model import OperationModel

Handler: TypeAlias = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as it came over HTTP."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One call of AWS.

    Attributes:
        client: the client that made it.
        operation: as AWS names it: BatchWriteItem.
        parameters: as boto3 takes them.
        answer: what botocore made of the answer; empty when that was an error.
        http_answers: one, unless botocore tried again.
    """

    client: BaseClient
    operation: str
    parameters: Mapping[str, Any]
    answer: Mapping[str, Any]
    http_answers: Sequence[HttpAnswer]


@dataclass(frozen=True, slots=True)
class Invocation:
    """One invocation of a function.

    Attributes:
        settings: the environment that it ran in.
        event: what Lambda handed over.
        printed: what it wrote to its log, metrics among it.
    """

    function: str
    handler: Handler
    settings: Mapping[str, str]
    event: Any
    result: Any
    calls: Sequence[Call]
    printed: str


@contextmanager
def recorded_calls() -> Iterator[list[Call]]:
    """Record every call of AWS that the block makes."""
    calls: list[Call] = []
    responses: list[AWSResponse] = []
    make_call = cast("Any", BaseClient)._make_api_call  # noqa: SLF001 - every call passes here
    read_response = endpoint.convert_to_response_dict

    def read(response: AWSResponse, model: OperationModel) -> object:
        if response not in responses:  # botocore reads each more than once
            responses.append(response)
        return read_response(response, model)

    def make(client: BaseClient, operation: str, parameters: Mapping[str, Any]) -> object:
        responses.clear()
        answer: Mapping[str, Any] = {}
        try:
            answer = make_call(client, operation, parameters)
            return answer
        finally:
            http_answers = [
                HttpAnswer(one.status_code, dict(one.headers), one.content) for one in responses
            ]
            calls.append(Call(client, operation, parameters, answer, http_answers))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", make)
        patch.setattr(endpoint, "convert_to_response_dict", read)
        yield calls
