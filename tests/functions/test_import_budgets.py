"""Cold starts are paid by whoever sends first: a function imports nothing that it does not use."""

import subprocess
import sys

import pytest

UNUSED_BY_ALL = {
    "aws_xray_sdk",
    "boto3",
    "multiprocessing",
    "httpx",
    "moto",
    "phonenumbers",
    "pydantic_settings",
    "requests",
    "typer",
    "wrapt",
}
UNUSED_BY: dict[str, set[str]] = {
    "authorize": {"aws_lambda_powertools", "pydantic"},
    "ingest": {
        *("footfall.aws.timeline", "footfall.contracts.klaviyo", "footfall.contracts.yotpo"),
        *("footfall.contracts.customerio_calls", "footfall.contracts.customerio_track"),
    },
    "process": {"footfall.http", "pydantic"},
    "catalogue": {"footfall.http", "pydantic"},
    "segment": {"footfall.http"},
    "publish": {"footfall.http", "pydantic"},
    "sweep": {"footfall.http", "pydantic"},
    "query": {"footfall.aws.queue", "footfall.aws.api_keys", "footfall.aws.segments", "pydantic"},
}


@pytest.mark.parametrize("function", UNUSED_BY)
def test_a_function_imports_nothing_that_it_does_not_use(function: str) -> None:
    imported = modules_of(function)
    assert imported & (UNUSED_BY_ALL | UNUSED_BY[function]) == set()


def modules_of(function: str) -> set[str]:
    """Return what a fresh interpreter has loaded once it can handle an event."""
    program = f"import sys; import {function}.handler; print(*sys.modules)"
    finished = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", program],
        env={"PYTHONPATH": "functions:layers/core/python"},
        capture_output=True,
        check=True,
        text=True,
    )
    return set(finished.stdout.split())
