"""Measures ingest: its time beside the floor for every shape of request, its profile and memory."""

from collections.abc import Mapping
from typing import Any

from bench.ingest.memory import peak_of, resident_bytes
from bench.ingest.profiling import profiled
from bench.ingest.purchases import SHAPES, TARGET, Shape
from bench.ingest.queue import Queue, instant_queue
from bench.ingest.timing import Timing, timed
from bench.results import Results


def measure() -> Results:
    """Return what each shape takes, and where the time of a bulk goes."""
    with instant_queue() as queue:
        shapes = {name: _measured(shape, queue) for name, shape in SHAPES.items()}
        resident = resident_bytes()  # before the profiler fills the memory
        return {
            "shapes": shapes,
            "residentBytes": resident,
            "profile": profiled(SHAPES[TARGET].requests()),
        }


def _measured(shape: Shape, queue: Queue) -> Mapping[str, Any]:
    requests = shape.requests()
    return {
        "title": shape.title,
        "events": shape.events,
        "inTurn": _as_json(timed(requests, queue, after_other_work=False)),
        "afterOtherWork": _as_json(timed(requests, queue, after_other_work=True)),
        "bodyBytes": len((requests[0]["body"] or "").encode()),
        "messageBytes": len(queue.sent.encode()),
        "peakBytes": peak_of(requests[0]),
    }


def _as_json(timing: Timing) -> Mapping[str, Any]:
    return {
        "handlerMilliseconds": timing.handler.as_json(),
        "floorMilliseconds": timing.floor.as_json(),
        "ratio": timing.ratio.as_json(),
    }
