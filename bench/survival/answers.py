"""What AWS answers when it refuses a call, or leaves half of a batch undone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.survival.faults import Operation

_SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message></Error>"
_INTERNAL_ERROR = b"<Error><Code>InternalError</Code><Message>We erred.</Message></Error>"
_THROTTLING = {
    "DynamoDB": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    "SQS": "com.amazonaws.sqs#RequestThrottled",
    "EventBridge": "com.amazonaws.eventbridge#ThrottlingException",
}
_FAILURES = {
    "DynamoDB": "com.amazonaws.dynamodb.v20120810#InternalServerError",
    "SQS": "com.amazonaws.sqs#InternalError",
    "EventBridge": "com.amazonaws.eventbridge#InternalException",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def throttled(operation: Operation) -> Answer:
    """Return the answer to a call that comes too soon after others."""
    if operation.service not in _THROTTLING:
        return Answer(503, _SLOW_DOWN, {"Content-Type": "application/xml"})
    return _refusal(400, _THROTTLING[operation.service])


def failed(operation: Operation) -> Answer:
    """Return the answer of a service that is broken for a moment."""
    if operation.service not in _FAILURES:
        return Answer(500, _INTERNAL_ERROR, {"Content-Type": "application/xml"})
    return _refusal(500, _FAILURES[operation.service])


def _refusal(status: int, kind: str) -> Answer:
    _, _, code = kind.partition("#")
    body = json.dumps({"__type": kind, "message": "injected"}).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "x-amzn-query-error": f"{code};{'Sender' if status < 500 else 'Receiver'}",  # noqa: PLR2004
    }
    return Answer(status, body, headers)


@dataclass(frozen=True, slots=True)
class Halves:
    """A batch, of which one half is carried out and the other one is left."""

    done: Any
    left: Any


def halved(operation: Operation, document: Any) -> Halves | None:  # noqa: ANN401 - JSON
    """Return the halves of a batch; None for one that is too small."""
    match operation.name:
        case "BatchWriteItem":
            halves = {table: _cut(items) for table, items in document["RequestItems"].items()}
        case "BatchGetItem":
            asked = document["RequestItems"]
            halves = {table: _cut(one["Keys"]) for table, one in asked.items()}
        case _:
            halves = {"Entries": _cut(document["Entries"])}
    if not all(done and left for done, left in halves.values()):
        return None
    return Halves(*(_rebuilt(operation, document, halves, half) for half in (0, 1)))


def with_left(operation: Operation, answer: Any, left: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the answer to the half that was carried out, as the answer to the whole batch."""
    match operation.name:
        case "BatchWriteItem":
            return {**answer, "UnprocessedItems": left["RequestItems"]}
        case "BatchGetItem":
            return {**answer, "UnprocessedKeys": left["RequestItems"]}
        case "PutEvents":
            refused = {"ErrorCode": "ThrottlingException", "ErrorMessage": "injected"}
            return {
                "FailedEntryCount": answer["FailedEntryCount"] + len(left["Entries"]),
                "Entries": [*answer["Entries"], *(refused for _ in left["Entries"])],
            }
        case _:
            refusals = [
                {"Id": one["Id"], "SenderFault": False, "Code": "InternalError"}
                for one in left["Entries"]
            ]
            return {**answer, "Failed": [*answer.get("Failed", []), *refusals]}


def _cut(members: list[Any]) -> tuple[list[Any], list[Any]]:
    middle = len(members) // 2
    return members[:middle], members[middle:]


def _rebuilt(
    operation: Operation,
    document: Any,  # noqa: ANN401 - JSON
    halves: Mapping[str, tuple[list[Any], list[Any]]],
    half: int,
) -> Any:  # noqa: ANN401 - JSON
    match operation.name:
        case "BatchWriteItem":
            return {**document, "RequestItems": {one: cut[half] for one, cut in halves.items()}}
        case "BatchGetItem":
            asked = document["RequestItems"]
            keys = {table: {**asked[table], "Keys": cut[half]} for table, cut in halves.items()}
            return {**document, "RequestItems": keys}
        case _:
            return {**document, "Entries": halves["Entries"][half]}
