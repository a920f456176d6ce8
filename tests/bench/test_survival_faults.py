"""The faults of a survival run: drawn from a seed, answered as AWS does, and really made."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from bench.survival.answers import failed, halved, throttled, with_left
from bench.survival.faults import Fault, FaultPlan, Operation, operation_of
from bench.survival.proxy import faulty_aws
from local.settings import HOST

Json = Mapping[str, Any]

PUT = Operation("DynamoDB", "PutItem")
WRITE_MANY = Operation("DynamoDB", "BatchWriteItem")
ANSWER = b'{"Item": "as AWS has it"}'


@pytest.mark.parametrize(
    ("target", "method", "operation"),
    [
        ("DynamoDB_20120810.PutItem", "POST", PUT),
        ("AmazonSQS.SendMessage", "POST", Operation("SQS", "SendMessage")),
        ("AWSEvents.PutEvents", "POST", Operation("EventBridge", "PutEvents")),
        ("", "PUT", Operation("S3", "PUT")),
    ],
)
def test_what_a_request_asks_for(target: str, method: str, operation: Operation) -> None:
    assert operation_of(target, method) == operation


def _drawn(seed: int, operation: Operation = WRITE_MANY) -> list[Fault | None]:
    plan = FaultPlan(seed, 0.5)
    return [plan.draw(operation) for _ in range(500)]


def test_a_seed_draws_the_same_faults_of_every_kind() -> None:
    assert _drawn(1) == _drawn(1) != _drawn(2)
    assert set(_drawn(1)) == {*Fault, None}


def test_half_of_a_call_that_is_no_batch_cannot_be_left() -> None:
    assert Fault.HALVED not in _drawn(1, PUT)


def test_a_plan_counts_what_it_draws_until_it_is_stopped() -> None:
    plan = FaultPlan(1, 1)
    assert plan.draw(PUT)
    plan.stop()
    assert plan.draw(PUT) is None
    assert (plan.drawn.total(), plan.calls) == (1, {"DynamoDB": 1})


def test_refusals_carry_the_codes_of_their_service() -> None:
    assert b"ProvisionedThroughputExceededException" in throttled(PUT).body
    assert b"RequestThrottled" in throttled(Operation("SQS", "SendMessage")).body
    assert b"ThrottlingException" in throttled(Operation("EventBridge", "PutEvents")).body
    assert (throttled(Operation("S3", "PUT")).status, failed(PUT).status) == (503, 500)


@pytest.mark.parametrize(
    ("name", "batch", "answer", "whole"),
    [
        (
            "BatchWriteItem",
            {"RequestItems": {"T": [1, 2, 3]}},
            {"UnprocessedItems": {}},
            {"UnprocessedItems": {"T": [2, 3]}},
        ),
        (
            "BatchGetItem",
            {"RequestItems": {"T": {"Keys": [1, 2], "ConsistentRead": True}}},
            {"Responses": {"T": [1]}},
            {
                "Responses": {"T": [1]},
                "UnprocessedKeys": {"T": {"Keys": [2], "ConsistentRead": True}},
            },
        ),
        (
            "PutEvents",
            {"Entries": [1, 2]},
            {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]},
            {
                "FailedEntryCount": 1,
                "Entries": [
                    {"EventId": "1"},
                    {"ErrorCode": "ThrottlingException", "ErrorMessage": "injected"},
                ],
            },
        ),
        (
            "SendMessageBatch",
            {"QueueUrl": "Q", "Entries": [{"Id": "0"}, {"Id": "1"}]},
            {"Successful": [{"Id": "0"}]},
            {
                "Successful": [{"Id": "0"}],
                "Failed": [{"Id": "1", "SenderFault": False, "Code": "InternalError"}],
            },
        ),
    ],
)
def test_half_of_a_batch_is_left_and_said_to_be(
    name: str, batch: Json, answer: Json, whole: Json
) -> None:
    operation = Operation("any", name)
    halves = halved(operation, batch)
    assert halves
    assert with_left(operation, answer, halves.left) == whole
    again = halved(operation, halves.done)
    assert again is None  # one alone has no halves


class _Only(FaultPlan):
    """Draws one fault, once."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(0, 0)
        self._faults = [fault]

    def draw(self, operation: Operation) -> Fault | None:
        super().draw(operation)
        return self._faults.pop() if self._faults else None


@contextmanager
def _aws() -> Iterator[tuple[str, list[bytes]]]:
    """Serve something like AWS while the block runs; yield where, and the bodies that come."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield f"http://{HOST}:{server.server_port}", bodies
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(
    ("fault", "answered", "carried_out"),
    [
        (Fault.THROTTLED, 400, 0),
        (Fault.FAILED, 500, 0),
        (Fault.FAILED_LATE, 500, 1),
        (Fault.CUT, None, 0),
        (Fault.CUT_LATE, None, 1),
        (Fault.TORN, None, 1),
        (Fault.TWICE, 200, 2),
        (Fault.SLOW, 200, 1),
    ],
)
def test_a_fault_is_made_once(fault: Fault, answered: int | None, carried_out: int) -> None:
    headers = {"X-Amz-Target": "DynamoDB_20120810.PutItem"}
    with (
        _aws() as (aws, bodies),
        faulty_aws(aws, _Only(fault)) as endpoint,
        httpx.Client(base_url=endpoint, headers=headers, trust_env=False) as client,
    ):
        try:
            status: int | None = client.post("/", content=b"first").status_code
        except httpx.RemoteProtocolError:
            status = None
        assert client.post("/", content=b"second").content == ANSWER
    assert status == answered
    assert bodies == [b"first"] * carried_out + [b"second"]
