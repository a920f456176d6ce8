"""Lets a process of a function die alone.

MiniStack 1.5 takes one process that cannot be started for a broken function, and ends all of them:
those that work, and those that start, which then cannot be started either. Under load it would go
on like that for ever. Lambda replaces the one.
"""

import threading
from typing import Any

from ministack.core import lambda_runtime  # type: ignore[import-untyped]  # comes without types
from ministack.services import lambda_svc  # type: ignore[import-untyped]


def let_processes_die_alone() -> None:
    """End the process alone with which an invocation failed, and leave its function the others."""
    acquire, release = lambda_svc.acquire_worker, lambda_svc.release_worker
    invalidate = lambda_svc.invalidate_worker
    invocation = threading.local()

    def acquire_and_note(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # MiniStack's own
        invocation.process, how = acquire(*arguments, **options)
        return invocation.process, how

    def release_and_forget(process: object) -> None:
        invocation.process = None
        release(process)

    def invalidate_one(*arguments: Any, **options: Any) -> None:  # noqa: ANN401
        process = getattr(invocation, "process", None)
        if process is None:
            invalidate(*arguments, **options)
        else:
            _end(process)

    lambda_svc.acquire_worker = acquire_and_note
    lambda_svc.release_worker = release_and_forget
    lambda_svc.invalidate_worker = invalidate_one


def _end(process: Any) -> None:  # noqa: ANN401
    with lambda_runtime._lock:  # noqa: SLF001
        for processes in lambda_runtime._workers.values():  # noqa: SLF001
            if process in processes:
                processes.remove(process)
    process.kill()
