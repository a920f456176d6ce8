"""The CPU time of a function beside that of its calls alone, in turns."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bench.pipeline.playback import call_again, invoke_again, played_back
from bench.pipeline.recording import Invocation
from bench.results import Results
from bench.spread import spread

ROUNDS = 11

_Act = Callable[[Invocation], None]

_ACTS: Mapping[str, _Act] = {
    "function": invoke_again,
    "floor": call_again,
    "ownCalls": partial(call_again, as_configured=True),
}


def timed(invocations: Sequence[Invocation], events: int) -> Results:
    """Return the microseconds of each of so many events, and how many times the floor they are.

    Each round has the function, its floor, and the same calls by the function's own clients; so
    that a machine that slows down meanwhile slows all of them.
    """
    times: dict[str, list[float]] = {name: [] for name in _ACTS}
    for _ in range(ROUNDS):
        for name, act in _ACTS.items():
            times[name].append(_microseconds(act, invocations) / events)
    return {
        "calls": sum(len(one.calls) for one in invocations) / events,
        "microseconds": {name: spread(values).as_json() for name, values in times.items()},
        "timesTheFloor": _ratio(times["function"], times["floor"]),
        "timesItsOwnCalls": _ratio(times["function"], times["ownCalls"]),
    }


def _ratio(values: Sequence[float], others: Sequence[float]) -> Mapping[str, float]:
    return spread([one / other for one, other in zip(values, others, strict=True)]).as_json()


def _microseconds(act: _Act, invocations: Sequence[Invocation]) -> float:
    with played_back(invocations):
        gc.collect()  # what was left by others is not this one's
        gc.freeze()  # as a function does at the end of its start
        begin = time.process_time_ns()
        for one in invocations:
            act(one)
        return (time.process_time_ns() - begin) / 1_000
