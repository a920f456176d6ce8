"""What can go wrong between a function and AWS, and how often: drawn from a seed."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_TARGETS = {
    "dynamodb": "DynamoDB",
    "amazonsqs": "SQS",
    "awsevents": "EventBridge",
}
_BATCHES = frozenset({"BatchGetItem", "BatchWriteItem", "PutEvents", "SendMessageBatch"})


class Fault(StrEnum):
    """One way in which a call of AWS goes wrong."""

    SLOW = "answered late"
    TOO_SLOW = "carried out, answered after the function gave up"
    THROTTLED = "throttled"
    FAILED = "answered with 500"
    FAILED_LATE = "carried out, answered with 500"
    CUT = "cut off before it was carried out"
    CUT_LATE = "carried out, cut off without an answer"
    TORN = "carried out, cut off within the answer"
    TWICE = "carried out twice"
    AGAIN = "carried out once more, a while later"
    HALVED = "half of a batch left undone"


_WEIGHTS: Mapping[Fault, int] = {
    Fault.SLOW: 12,
    Fault.TOO_SLOW: 1,
    Fault.THROTTLED: 12,
    Fault.FAILED: 8,
    Fault.FAILED_LATE: 8,
    Fault.CUT: 8,
    Fault.CUT_LATE: 10,
    Fault.TORN: 8,
    Fault.TWICE: 10,
    Fault.AGAIN: 8,
    Fault.HALVED: 15,
}
"""How likely each is beside the others; a function waits seconds for an answer that is too slow."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A call of AWS: `DynamoDB`, `PutItem`."""

    service: str
    name: str

    @property
    def is_batch(self) -> bool:
        """Tell whether AWS may carry out a part of it, and say which part it left."""
        return self.name in _BATCHES


def operation_of(target: str, method: str) -> Operation:
    """Return what a request asks for.

    Args:
        target: its header X-Amz-Target, `DynamoDB_20120810.PutItem`; empty for S3.
        method: of HTTP.
    """
    service, _, name = target.partition(".")
    known = _TARGETS.get(service.partition("_")[0].lower())
    return Operation(known or service, name) if name else Operation("S3", method)


class FaultPlan:
    """Draws the fault of each call until it is told to stop, and counts both till then.

    Args:
        seed: the same seed draws the same faults for the same calls.
        share: of the calls that go wrong, from 0 to 1.
    """

    def __init__(self, seed: int, share: float) -> None:
        self.drawn: Counter[Fault] = Counter()
        self.calls: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._share = share

    def draw(self, operation: Operation) -> Fault | None:
        """Return what goes wrong with a call, or None when nothing does."""
        if not self._share:
            return None
        self.calls[operation.service] += 1
        if self._chance.random() >= self._share:
            return None
        possible = [one for one in _WEIGHTS if operation.is_batch or one is not Fault.HALVED]
        (fault,) = self._chance.choices(possible, [_WEIGHTS[one] for one in possible])
        self.drawn[fault] += 1
        return fault

    def stop(self) -> None:
        """Let every call go well from now on."""
        self._share = 0
