"""The step runner: what a person sees, what the log holds, and that nothing is left running."""

import io
import os
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from local.steps import StepFailedError, Steps

SAYS_AND_FAILS = (
    "import sys; print('to the screen'); print('to the error', file=sys.stderr); sys.exit(3)"
)
STARTS_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def steps(screen: io.StringIO, tmp_path: Path) -> Steps:
    return Steps(Console(file=screen, soft_wrap=True), tmp_path / "logs")


def test_a_step_is_checked_off(steps: Steps, screen: io.StringIO) -> None:
    with steps.step("Deploying", "deploy"):
        assert "✓" not in screen.getvalue()
    assert screen.getvalue() == "✓ Deploying\n"


def test_a_failed_command_names_its_step_and_its_log(steps: Steps, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "deploy.log"
    with pytest.raises(StepFailedError) as raised, steps.step("Deploying", "deploy") as step:
        step.run([sys.executable, "-c", SAYS_AND_FAILS], directory=tmp_path, environ=os.environ)
    assert str(raised.value) == f"Deploying failed; the log is {log}"
    assert sorted(raised.value.last_lines().splitlines()) == ["to the error", "to the screen"]


def test_an_exception_is_in_the_log(steps: Steps) -> None:
    with pytest.raises(StepFailedError) as raised, steps.step("Deploying", "deploy"):
        raise ConnectionError("the cloud is down")
    assert "ConnectionError: the cloud is down" in raised.value.last_lines()


def test_lines_are_handed_on_as_they_come(steps: Steps, tmp_path: Path) -> None:
    lines: list[str] = []
    with steps.step("Counting", "count") as step:
        step.run(
            [sys.executable, "-c", "print(1); print(2)"],
            directory=tmp_path,
            environ=os.environ,
            on_line=lines.append,
        )
    assert lines == ["1\n", "2\n"]


def test_ctrl_c_ends_a_command_and_its_children(steps: Steps, tmp_path: Path) -> None:
    children: list[int] = []

    def interrupt(line: str) -> None:
        children.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), steps.step("Deploying", "deploy") as step:
        step.run(
            [sys.executable, "-c", STARTS_A_CHILD],
            directory=tmp_path,
            environ=os.environ,
            on_line=interrupt,
        )
    (child,) = children
    assert _has_ended(child)


def _has_ended(process: int) -> bool:
    """Tell whether the process ends soon; an orphan of ours may stay a zombie, which is over."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
