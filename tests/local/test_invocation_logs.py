"""Logs of the local cloud: each invocation has its own lines, all of them."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from ministack.core import lambda_runtime  # type: ignore[import-untyped]  # without types

from local import invocation_logs

# MiniStack leaves the pipes of its processes to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

HANDLER = """
import os

def handler(event, context):
    for number in range(event["lines"]):
        print(number)
    if event["ends"]:
        os._exit(1)
    return "done"
"""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[lambda_runtime.Worker]:
    """A process of MiniStack, which runs the handler above."""
    for place, name in (
        (lambda_runtime, "_PYTHON_WORKER_SCRIPT"),
        (lambda_runtime.Worker, "_drain_stderr_bounded"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))  # as they were, afterwards
    invocation_logs.mark_ends()
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("code.py", HANDLER)
    config = {
        "FunctionName": "talker",
        "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:talker",
        "Handler": "code.handler",
        "Runtime": "python3.13",
    }
    worker = lambda_runtime.Worker("talker", config, code.getvalue())
    yield worker
    worker.kill()


def invoke(worker: lambda_runtime.Worker, lines: int, *, ends: bool = False) -> dict[str, object]:
    answer: dict[str, object] = worker.invoke({"lines": lines, "ends": ends}, "request")
    return answer


def test_each_invocation_has_all_of_its_lines(worker: lambda_runtime.Worker) -> None:
    for lines in (0, 3, 0, 500, 1):
        answer = invoke(worker, lines)
        assert answer["result"] == "done"
        assert answer["log"] == "\n".join(map(str, range(lines)))


def test_a_process_that_dies_leaves_what_it_has_written(worker: lambda_runtime.Worker) -> None:
    dying = invoke(worker, 2, ends=True)
    assert (dying["status"], dying["log"]) == ("error", "0\n1")
    assert invoke(worker, 1)["log"] == "0"


def test_another_program_of_ministack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_runtime, "_PYTHON_WORKER_SCRIPT", "run()")
    with pytest.raises(invocation_logs.UnknownWorkerError):
        invocation_logs.mark_ends()
