"""What the events of a few requests cost: their units, and the time that process and segment take.

Each round of a function is followed by one of its floor, the same calls alone: the ratio of the two
tells a function that became slower from a machine that did.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.pipeline.cloud import Pipeline
from bench.pipeline.playback import call_again, invoke_again, played_back
from bench.pipeline.recording import Invocation
from bench.results import Results
from bench.spread import spread
from tests.aws_calls import read_units, write_units

ROUNDS = 7
FUNCTIONS = ("process", "segment")
"""They do the work that could grow; ingest and catalogue look at nothing that is stored."""


def cost_of(pipeline: Pipeline, events: int) -> Results:
    """Return what the invocations of the pipeline cost for each of so many events."""
    made = [call for name in FUNCTIONS for one in pipeline.of(name) for call in one.calls]
    calls = [(one.operation, one.parameters) for one in made]
    times = {name: _times(pipeline.of(name), events) for name in FUNCTIONS}
    return {
        "calls": len(calls) / events,
        "writeUnits": write_units(calls) / events,
        "readUnits": float(sum(map(read_units, calls, [one.answer for one in made])) / events),
        "microseconds": {name: time.as_json() for name, time in times.items()},
        "timesTheFloor": {name: time.times_the_floor() for name, time in times.items()},
    }


@dataclass(frozen=True, slots=True)
class _Times:
    """Microseconds per event in each round: of a function, and of its calls alone."""

    function: Sequence[float]
    floor: Sequence[float]

    def as_json(self) -> Mapping[str, object]:
        return {
            "function": spread(self.function).as_json(),
            "floor": spread(self.floor).as_json(),
        }

    def times_the_floor(self) -> Mapping[str, float]:
        rounds = zip(self.function, self.floor, strict=True)
        return spread([own / floor for own, floor in rounds]).as_json()


def _times(invocations: Sequence[Invocation], events: int) -> _Times:
    own, floor = [], []
    for _ in range(ROUNDS):
        own.append(_time(invoke_again, invocations) / events)
        floor.append(_time(call_again, invocations) / events)
    return _Times(own, floor)


def _time(act: Callable[[Invocation], None], invocations: Sequence[Invocation]) -> float:
    """Return the microseconds of CPU time that acting on the invocations takes."""
    with played_back(invocations):
        begin = time.process_time_ns()
        for one in invocations:
            act(one)
        return (time.process_time_ns() - begin) / 1_000
