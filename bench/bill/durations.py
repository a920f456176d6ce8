"""How long invocations last: a model, as only the CPU time can be measured here.

An invocation uses its CPU time, stretched by the share of a vCPU that its memory gives it, and
waits for each call of AWS. A vCPU of Lambda counts as a core of this machine. Lambda bills whole
milliseconds. Cold starts are left out: they are a few in a thousand invocations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from statistics import median
from time import process_time_ns

from bench.pipeline.playback import invoke_again, played_back
from bench.pipeline.recording import Invocation

MEMORY: Mapping[str, int] = {
    "authorize": 256,
    "ingest": 512,
    "process": 1_024,
    "catalogue": 256,
    "segment": 1_024,
    "publish": 512,
    "sweep": 256,
}
"""MB of each function, as in the stack; tests/infra shows that it is."""

MILLISECONDS_OF_A_CALL = 5
"""What an invocation waits for an answer of DynamoDB or SQS; one after another."""

_MEMORY_OF_A_VCPU = 1_769
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Lasting:
    """What the memory of invocations costs by its time.

    Attributes:
        modelled: GB-seconds, waiting included.
        computing: GB-seconds of the CPU time alone.
    """

    modelled: Decimal
    computing: Decimal


def lasting(invocations: Sequence[Invocation]) -> Lasting:
    """Return how long the invocations last; inside of `pipeline`, right after they took place."""
    modelled = computing = Decimal(0)
    for function in sorted({one.function for one in invocations}):
        mine = [one for one in invocations if one.function == function]
        gigabytes = Decimal(MEMORY[function]) / 1_024
        for one, milliseconds in zip(mine, _cpu_milliseconds(mine), strict=True):
            stretched = milliseconds * max(1, _MEMORY_OF_A_VCPU / MEMORY[function])
            waiting = len(one.calls) * MILLISECONDS_OF_A_CALL
            modelled += gigabytes * ceil(stretched + waiting) / 1_000
            computing += gigabytes * ceil(stretched) / 1_000
    return Lasting(modelled, computing)


def _cpu_milliseconds(invocations: Sequence[Invocation]) -> Sequence[float]:
    """Return the CPU time of each invocation: the median of a few rounds."""
    rounds = [list(_round(invocations)) for _ in range(_ROUNDS)]
    return [median(times) for times in zip(*rounds, strict=True)]


def _round(invocations: Sequence[Invocation]) -> Iterator[float]:
    with played_back(invocations):
        for one in invocations:
            begun = process_time_ns()
            invoke_again(one)
            yield (process_time_ns() - begun) / 1_000_000
