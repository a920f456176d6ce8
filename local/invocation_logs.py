"""Tells where the log of an invocation ends, so that nobody waits to see whether more of it comes.

MiniStack 1.5 waits up to 50 ms after each invocation for lines of its log, and some more after each
line; until then the process takes no other invocation.
"""

import queue
from typing import Any

from ministack.core import lambda_runtime  # type: ignore[import-untyped]  # comes without types

_END = "--- the log of this invocation ends here ---"
_SECONDS_BETWEEN_LOOKS = 0.05
_ANSWERED = "        _real_stdout.flush()\n\nrun()"
_LOGGED = f'        sys.stderr.write("{_END}\\n")\n        sys.stderr.flush()\n'


class UnknownWorkerError(Exception):
    """The program of MiniStack's processes is not the one that is known here."""


def mark_ends() -> None:
    """Let each process write a line after its log, and read a log up to there."""
    program: str = lambda_runtime._PYTHON_WORKER_SCRIPT  # noqa: SLF001
    if _ANSWERED not in program:
        raise UnknownWorkerError
    lambda_runtime._PYTHON_WORKER_SCRIPT = program.replace(  # noqa: SLF001
        _ANSWERED, _LOGGED + _ANSWERED
    )
    lambda_runtime.Worker._drain_stderr_bounded = read_log  # noqa: SLF001


def read_log(worker: Any) -> str:  # noqa: ANN401 - a process of MiniStack
    """Return what the last invocation has written; of a process that has died, all it could."""
    lines: list[str] = []
    while True:
        is_reading = worker._stderr_thread.is_alive()  # noqa: SLF001
        try:
            line = worker._stderr_queue.get(timeout=_SECONDS_BETWEEN_LOOKS if is_reading else 0)  # noqa: SLF001
        except queue.Empty:
            if is_reading:
                continue
            break
        if line == _END:
            break
        lines.append(line)
    return "\n".join(lines)
