"""Measures each function of an event's way, but ingest, which has a measure of its own."""

from collections.abc import Mapping
from typing import Any

from bench.pipeline.cloud import Pipeline, pipeline
from bench.processor.memory import peak_of, resident_at_start
from bench.processor.profiling import profiled
from bench.processor.scenarios import SCENARIOS, Scenario, live_through
from bench.processor.timing import timed
from bench.results import Results

FUNCTIONS = ("process", "catalogue", "segment", "publish")


def measure() -> Results:
    """Return time, memory and profile by scenario and function."""
    return {
        "scenarios": {name: _measured(scenario) for name, scenario in SCENARIOS.items()},
        "residentAtStart": {name: resident_at_start(name) for name in FUNCTIONS},
    }


def _measured(scenario: Scenario) -> Mapping[str, Any]:
    with pipeline(publishes_stored_events=scenario.tells) as cloud:
        live_through(scenario, cloud)
        return {
            "title": scenario.title,
            "functions": {name: _function(name, scenario, cloud) for name in scenario.functions},
        }


def _function(name: str, scenario: Scenario, cloud: Pipeline) -> Results:
    invocations = cloud.of(name)
    return {
        **timed(invocations, scenario.events),
        "peakMegabytes": peak_of(invocations),
        "top": profiled(invocations),
    }
