"""What fuzzing is made of: the parsers take what they are fed, and a run is judged as it should."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzzing.limits import findings_of
from bench.fuzzing.memory import growth_of
from bench.fuzzing.parsers.catalogue import PARSERS
from bench.fuzzing.parsers.requests import REQUEST_PARSERS
from bench.fuzzing.section import section
from tests.e2e.cloud_processes import EMULATOR

FLAT = {"begin": 50.0, "middle": 60.0, "end": 61.0, "growth": 1.0}
STEEP = {**FLAT, "end": 90.0, "growth": 30.0}


def results(parser: dict[str, Any] | None = None, **stack: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the results of a run that found nothing, but for what is named."""
    return {
        "minutes": 1,
        "stack": {
            "operations": {"total": 1, "tested": 1},
            "statuses": {"GET /a": {"200": 5, "404": 1}},
            "deadLetters": 0,
            "memory": {"ingest": FLAT, EMULATOR: STEEP},
            "findings": {},
            **stack,
        },
        "parsers": {
            "forms": {
                "examples": 10,
                "taken": 5,
                "slowestSeconds": 0.1,
                "peak": 90.0,
                "memory": FLAT,
                "findings": {},
                **(parser or {}),
            }
        },
    }


@pytest.mark.parametrize("name", sorted(PARSERS.keys() - REQUEST_PARSERS.keys()))
def test_a_parser_takes_what_it_is_fed(name: str) -> None:
    parser = PARSERS[name]

    @settings(max_examples=5, database=None, suppress_health_check=list(HealthCheck))
    @given(parser.inputs)
    def take(one: object) -> None:
        parser.take(one)

    take()


@given(st.data())
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_the_functions_take_what_they_are_fed(data: st.DataObject) -> None:
    for parser in REQUEST_PARSERS.values():
        data.draw(parser.inputs)


def test_a_quiet_run_has_no_findings() -> None:
    assert list(findings_of(results())) == []
    assert "This run found nothing." in section(results())


@pytest.mark.parametrize(
    "spoilt",
    [
        {"statuses": {"GET /a": {"500": 2}}},
        {"deadLetters": 1},
        {"memory": {"ingest": STEEP}},
        {"findings": {"Response violates schema": ["GET /a"]}},
        {"parser": {"findings": {"KeyError in forms.py:1, parse": "input: b''"}}},
        {"parser": {"memory": STEEP}},
    ],
)
def test_whatever_breaks_is_a_finding(spoilt: dict[str, Any]) -> None:
    run = results(**spoilt)
    (finding,) = findings_of(run)
    assert f"- {finding.splitlines()[0]}" in section(run)


def test_only_what_comes_after_the_first_half_is_growth() -> None:
    assert growth_of([10, 80, 90, 90, 90, 90, 91, 91]).growth == 1
    assert growth_of([10, 20, 30, 40, 50, 60, 70, 80]).growth == 75 - 35
    assert growth_of([10]).growth == 0
