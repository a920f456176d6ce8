"""One process of a function that cannot be started takes none of the others with it."""

import pytest
from ministack.core import lambda_runtime  # type: ignore[import-untyped]  # comes without types
from ministack.services import lambda_svc  # type: ignore[import-untyped]

from local.dying_alone import let_processes_die_alone

CONFIG = {
    "FunctionName": "ingest",
    "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:ingest",
}


class _Process:
    def __init__(self, *_: object) -> None:
        self.in_use = False
        self.is_alive = True

    def kill(self) -> None:
        self.is_alive = False


@pytest.fixture(autouse=True)
def ministack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_runtime, "_workers", {})
    monkeypatch.setattr(lambda_runtime, "_worker_class_for", lambda _: _Process)
    monkeypatch.setattr(
        lambda_runtime, "kill_workers", lambda doomed: [one.kill() for one in doomed]
    )
    for name in ("acquire_worker", "release_worker", "invalidate_worker"):
        monkeypatch.setattr(lambda_svc, name, getattr(lambda_runtime, name))
    let_processes_die_alone()


def _acquire() -> _Process:
    process, _ = lambda_svc.acquire_worker("ingest", CONFIG, b"")
    assert isinstance(process, _Process)
    return process


def test_the_others_go_on() -> None:
    other, broken = _acquire(), _acquire()
    lambda_svc.invalidate_worker("ingest", qualifier="$LATEST")
    lambda_svc.release_worker(None)
    assert (other.is_alive, broken.is_alive) == (True, False)
    assert _acquire() not in {other, broken}


def test_a_change_of_the_function_ends_all() -> None:
    process = _acquire()
    lambda_svc.release_worker(process)
    lambda_svc.invalidate_worker("ingest", qualifier="$LATEST")
    assert not process.is_alive
