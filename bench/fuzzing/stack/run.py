"""One run against a local cloud of its own: what it answered, what became of it, and its memory."""

import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import boto3
import httpx

from bench.fuzzing.stack.tool import Schemathesis
from bench.fuzzing.stack.workers import Memory
from footfall.domain.strict_json import dump_json
from local.draining import wait_until_stored
from openapi.examples import SEGMENT
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.store import Store


def fuzz_stack(seconds: int, meanwhile: Callable[[], None]) -> Mapping[str, Any]:
    """Fuzz every operation for so many seconds, with something else meanwhile; tell the outcome."""
    with tempfile.TemporaryDirectory(prefix="footfall-fuzzing-") as directory:
        state = Path(directory) / "state"
        cloud = LocalCloud(state)
        memory = Memory(state)
        cloud.start()
        try:
            file = cloud.file("stack.json")
            _prepare(file)
            seed = secrets.randbits(32)
            run = Schemathesis(Path(directory), file["url"], file["apiKey"], seconds, seed)
            try:
                with memory.sampled():
                    meanwhile()
                    outcome = run.outcome()
            finally:
                run.stop()
            dead = _dead_letters(cloud)
        finally:
            cloud.stop()
    return {
        "seed": seed,
        "operations": outcome.operations,
        "testCases": outcome.test_cases,
        "statuses": outcome.statuses,
        "deadLetters": dead,
        "memory": {kind: one.as_json() for kind, one in memory.growths().items()},
        "findings": outcome.failures,
        "log": outcome.log,
    }


def _prepare(file: Mapping[str, Any]) -> None:
    """Store what the paths of many operations name."""
    with Store(file["url"], file["storeId"], file["apiKey"]) as store:
        customer = {"id": "c-1", "email": "jane@example.com", "firstName": "Jane"}
        event = {"eventName": "order_placed", "customer": customer, "value": 5, "uniqueId": "u-1"}
        assert store.send(event).status_code == httpx.codes.ACCEPTED
        store.settled("u-1")
        segment = dump_json(SEGMENT)
        sent_as = {"Content-Type": "application/json"}
        answer = store.http.put("/segments/big-spenders", content=segment, headers=sent_as)
        assert answer.status_code == httpx.codes.CREATED, answer.text


def _dead_letters(cloud: LocalCloud) -> int:
    """Return how many of the accepted events died."""
    with cloud.reached_by_boto3():
        wait_until_stored(cloud.outputs["EventsQueueUrl"])
        attributes = boto3.client("sqs").get_queue_attributes(
            QueueUrl=cloud.outputs["DeadLetterQueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])
