"""What invocations are billed for beside DynamoDB: their requests, their messages, their logs."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import ceil

from bench.pipeline.recording import Call, Invocation
from cli.cost.prices import Billed
from cli.cost.usage import Usage, together

_CHUNK = 65_536
_BYTES_AROUND_A_LOG_LINE = 26
_HEADERS_OF_AN_ANSWER = 400
_ACCESS_LOG_LINE = (
    '{"requestId":"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",'
    '"requestTime":"21/Nov/2026:02:03:38 +0000","storeId":"64e5a8a1af49a89df37e4ee7",'
    '"method":"POST","route":"/stores/{storeId}/events/bulk","status":"202","error":"-",'
    '"latency":"24","functionLatency":"22","sourceIp":"203.0.113.195"}'
)
"""As infra/api.py has it; the gateway writes one for each request."""


def requests_of(invocations: Iterable[Invocation]) -> Usage:
    """Return what the invocations used, without the units of DynamoDB and the time."""
    return together(one for invocation in invocations for one in _parts(invocation))


def _parts(invocation: Invocation) -> Iterable[Usage]:
    yield {Billed.INVOCATIONS: Decimal(1), Billed.LOGGED_BYTES: _logged(invocation.printed)}
    yield from map(_sent, invocation.calls)
    match invocation.function:
        case "ingest":
            answer = len(str(invocation.result["body"]).encode())
            yield {
                Billed.API_REQUESTS: Decimal(1),
                Billed.LOGGED_BYTES: _logged(_ACCESS_LOG_LINE),
                Billed.SENT_BYTES: Decimal(answer + _HEADERS_OF_AN_ANSWER),
            }
        case "process":
            received = _chunks([record["body"] for record in invocation.event["Records"]])
            deleted = 1  # all of the batch in one request
            yield {Billed.FAIR_QUEUE_REQUESTS: Decimal(received + deleted)}


def _sent(call: Call) -> Usage:
    """Return what a call to another service than DynamoDB is billed for."""
    parameters = call.parameters
    match call.operation:
        case "SendMessage":
            is_fair = "MessageGroupId" in parameters
            billed = Billed.FAIR_QUEUE_REQUESTS if is_fair else Billed.QUEUE_REQUESTS
            return {billed: Decimal(_chunks([parameters["MessageBody"]]))}
        case "PutEvents":
            details = [entry["Detail"] for entry in parameters["Entries"]]
            return {Billed.BUS_EVENTS: Decimal(sum(_chunks([one]) for one in details))}
        case "PutObject":
            return {Billed.OBJECT_WRITES: Decimal(1)}
        case "GetObject":
            return {Billed.OBJECT_READS: Decimal(1)}
        case "SendMessageBatch":
            raise AssertionError("SendMessageBatch is not accounted for")
        case _:
            return {}


def _chunks(texts: Sequence[str]) -> int:
    """Return as how many requests SQS or EventBridge bills texts that travel together."""
    return ceil(sum(len(text.encode()) for text in texts) / _CHUNK)


def _logged(printed: str) -> Decimal:
    lines = printed.splitlines()
    return Decimal(sum(len(line.encode()) + _BYTES_AROUND_A_LOG_LINE for line in lines))
