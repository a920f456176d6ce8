"""One run against a local cloud of its own: what it answered, what became of it, and its memory."""

import secrets
import tempfile
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from bench.fuzzing.stack.tool import Outcome, Schemathesis, Target
from bench.fuzzing.stack.workers import Memory
from cli.backlog import requests_waiting
from footfall.domain.strict_json import dump_json
from footfall.http.routes import OWN_ROUTES
from local.draining import wait_until_stored
from openapi.examples import SEGMENT
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.store import Store

_LANGUAGE = "putSegment", "previewSegment"
_PARTS: Mapping[str, Sequence[str]] = {
    "others": [part for one in _LANGUAGE for part in ("--exclude-operation-id", one)],
    "language": [part for one in _LANGUAGE for part in ("--include-operation-id", one)],
}


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
            target = Target(file["url"], file["apiKey"], secrets.randbits(32))
            with memory.sampled(), ThreadPoolExecutor(1) as executor:
                running = executor.submit(_outcomes, Path(directory), target, seconds)
                meanwhile()
                outcomes = running.result()
            dead = _dead_letters(cloud)
        finally:
            cloud.stop()
    return {
        "seed": target.seed,
        "operations": {"total": len(OWN_ROUTES), "tested": sum(one.tested for one in outcomes)},
        "testCases": sum(one.test_cases for one in outcomes),
        "statuses": dict(ChainMap(*(dict(one.statuses) for one in outcomes))),
        "deadLetters": dead,
        "memory": {kind: one.as_json() for kind, one in memory.growths().items()},
        "findings": _failures(outcomes),
        "log": "".join(one.log for one in outcomes),
    }


def _outcomes(directory: Path, target: Target, seconds: int) -> Sequence[Outcome]:
    """Run over the operations of the segment language, and over the others, one after the other.

    Definitions have so many shapes that no time would be left for anything else.
    """
    outcomes = []
    for name, filters in _PARTS.items():
        part = Schemathesis(directory / name, target, filters, seconds // len(_PARTS))
        try:
            outcomes.append(part.outcome())
        finally:
            part.stop()
    return outcomes


def _failures(outcomes: Sequence[Outcome]) -> Mapping[str, Sequence[Any]]:
    failures: dict[str, list[Any]] = {}
    for outcome in outcomes:
        for title, operations in outcome.failures.items():
            failures.setdefault(title, []).extend(operations)
    return failures


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
        return requests_waiting(cloud.outputs["DeadLetterQueueUrl"])
