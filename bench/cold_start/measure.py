"""Measures the cold start of each function, and beside it that of its clients alone.

Every start is that of a fresh interpreter; those of a round take turns, so that the ratios of a
round are of the same moments. Uncompiled, the modules of Footfall and its layers have no bytecode,
as boto3 has in any case: Lambda brings it compiled.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tests.conftest  # noqa: F401 - the made-up AWS identity
from bench.cold_start.first_invocations import FirstInvocation, first_invocations
from bench.cold_start.functions import FUNCTIONS, IN_THE_TREEMAP
from bench.cold_start.interpreter import LAMBDA_VERSION, measured_python, version_of
from bench.cold_start.launching import Times, import_times, launch_clients, launch_function
from bench.cold_start.layout import Layout
from bench.cold_start.modules import by_maker, own_times
from bench.spread import spread
from infra.pythons import Python

_ROUNDS = 7
_UNCOMPILED_ROUNDS = 2
_REPORTS = 9


def measure() -> Mapping[str, Any]:
    """Measure all functions."""
    first = first_invocations()
    python = measured_python()
    version = version_of(python)
    with TemporaryDirectory() as place:
        layout = Layout(Path(place) / "lambda", python)
        return {
            "python": version,
            "isLambdas": version.startswith(f"{LAMBDA_VERSION}."),
            "functions": {one: _function(python, layout, one, first[one]) for one in FUNCTIONS},
            "modules": _modules(python, layout, first[IN_THE_TREEMAP]),
        }


def _function(
    python: Python, layout: Layout, function: str, first: FirstInvocation
) -> Mapping[str, Any]:
    compiled, floor, uncompiled, uncompiled_floor = [], [], [], []
    launch_function(python, function, first, layout.path_of(function))  # brings files into memory
    for turn in range(_ROUNDS):
        floor.append(launch_clients(python, first, layout.path_of_clients))
        compiled.append(launch_function(python, function, first, layout.path_of(function)))
        if turn < _UNCOMPILED_ROUNDS:
            path = layout.path_of(function, is_compiled=False)
            uncompiled.append(launch_function(python, function, first, path))
            uncompiled_floor.append(floor[-1])
    return {
        "services": sorted({service for service, _, _ in first.calls}),
        "calls": len(first.calls),
        "ratio": _ratio(compiled, floor, lambda times: times.cpu.whole),
        "ratioByTheClock": _ratio(compiled, floor, lambda times: times.wall.whole),
        "ratioUncompiled": _ratio(uncompiled, uncompiled_floor, lambda times: times.cpu.whole),
        "milliseconds": _milliseconds(compiled),
        "millisecondsOfFloor": _milliseconds(floor),
        "millisecondsUncompiled": _milliseconds(uncompiled),
    }


def _ratio(
    starts: Sequence[Times], floor: Sequence[Times], part: Callable[[Times], float]
) -> Mapping[str, float]:
    pairs = zip(starts, floor, strict=True)
    return spread([part(start) / part(least) for start, least in pairs]).as_json()


def _milliseconds(starts: Sequence[Times]) -> Mapping[str, Any]:
    return {
        "start": spread([one.cpu.start for one in starts]).as_json(),
        "firstInvocation": spread([one.cpu.first_invocation for one in starts]).as_json(),
        "whole": spread([one.cpu.whole for one in starts]).as_json(),
        "byTheClock": spread([one.wall.whole for one in starts]).as_json(),
    }


def _modules(python: Python, layout: Layout, first: FirstInvocation) -> Mapping[str, Any]:
    function = IN_THE_TREEMAP
    path = layout.path_of(function)
    reports = [import_times(python, first, path, f"{function}.handler") for _ in range(_REPORTS)]
    return by_maker(own_times(reports), function)
