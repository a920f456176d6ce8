"""What the events of a few requests cost: their units, and the time that process and segment take.

Each round of a function is followed by one of its floor, the same calls alone: the ratio of the two
tells a function that became slower from a machine that did.
"""

from bench.pipeline.cloud import Pipeline
from bench.processor.timing import timed
from bench.results import Results
from tests.aws_calls import read_units, write_units

FUNCTIONS = ("process", "segment")
"""They do the work that could grow; ingest and catalogue look at nothing that is stored."""


def cost_of(pipeline: Pipeline, events: int) -> Results:
    """Return what the invocations of the pipeline cost for each of so many events."""
    made = [call for name in FUNCTIONS for one in pipeline.of(name) for call in one.calls]
    calls = [(one.operation, one.parameters) for one in made]
    times = {name: timed(pipeline.of(name), events) for name in FUNCTIONS}
    return {
        "calls": len(calls) / events,
        "writeUnits": write_units(calls) / events,
        "readUnits": float(sum(map(read_units, calls, [one.answer for one in made])) / events),
        "microseconds": {name: time["microseconds"] for name, time in times.items()},
        "timesTheFloor": {name: time["timesTheFloor"] for name, time in times.items()},
    }
