"""The cold starts that are measured are those of the deployed functions."""

from pathlib import Path

import boto3
import pytest

from bench.cold_start.first_invocations import FirstInvocation, first_invocations
from bench.cold_start.functions import FUNCTIONS
from bench.cold_start.launching import launch_clients
from bench.cold_start.modules import by_maker, own_times
from infra.pythons import THIS_ONE

ROOT = Path(__file__).parent.parent.parent
REPORT = """import time: self [us] | cumulative | imported package
import time:       900 |        900 |   json
import time:        30 |         30 |     footfall.http.route
import time:      2000 |       2900 |   footfall.http
import time:       700 |       3600 | ingest.handler
"""
SLOWER = "import time:      1400 |       1400 |   json\n"


@pytest.fixture(scope="module")
def first() -> dict[str, FirstInvocation]:
    return dict(first_invocations())


def test_every_function_is_measured() -> None:
    deployed = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}

    assert set(FUNCTIONS) == deployed


def test_every_first_invocation_asks_aws_and_is_answered(
    first: dict[str, FirstInvocation],
) -> None:
    assert set(first) == set(FUNCTIONS)
    for invocation in first.values():
        assert len(invocation.answers) >= len(invocation.calls) > 0


def test_the_floor_makes_the_same_calls_in_a_process_of_its_own(
    first: dict[str, FirstInvocation],
) -> None:
    where_boto3_is = str(Path(boto3.__file__).parent.parent)

    assert launch_clients(THIS_ONE, first["publish"], [where_boto3_is]).cpu.whole > 0


def test_the_least_own_time_of_a_module_counts() -> None:
    times = own_times([SLOWER, REPORT])

    assert times["json"] == 0.9
    assert times["footfall.http"] == 2


def test_packages_are_grouped_by_who_made_them() -> None:
    makers = by_maker(own_times([REPORT]), "ingest")

    assert makers == {
        "Footfall": {"footfall.http": 2.03, "ingest": 0.7},
        "Python itself": {"json": 0.9},
    }
