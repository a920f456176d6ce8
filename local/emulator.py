"""MiniStack in the place of AWS: only the services the stack uses, its state in our directory."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx

from local.ports import take_port
from local.settings import ACCOUNT, HOST, REGION, ROOT, Settings, neutral_environment
from local.steps import Steps, stop_process_group

_SERVICES = (
    "apigateway",
    "cloudformation",
    "dynamodb",
    "dynamodbstreams",
    "events",
    "iam",
    "lambda",
    "logs",
    "monitoring",
    "s3",
    "sqs",
    "ssm",
    "sts",
)
_SECONDS_TO_START = 60
_SECONDS_TO_END = 30
_SECONDS_BETWEEN_LOOKS = 0.05
_SECONDS_A_WORKER_STAYS_WARM = 120


class EmulatorError(Exception):
    """MiniStack did not come up."""


@contextmanager
def run_emulator(settings: Settings, steps: Steps) -> Iterator["subprocess.Popen[bytes]"]:
    """Run MiniStack while the block runs; it saves its state when it ends."""
    take_port(settings.gateway_port, "GATEWAY_PORT").close()
    with steps.step("Starting MiniStack", "ministack") as step:
        process = subprocess.Popen(
            [sys.executable, "-m", "local.ministack"],
            cwd=ROOT,
            env=_environment(settings),
            stdin=subprocess.PIPE,
            stdout=step.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_ready(settings, process)
        except BaseException:
            stop_process_group(process)
            raise
    try:
        yield process
    finally:
        _end(process)


def warm_up(process: "subprocess.Popen[bytes]") -> None:
    """Let it start the functions' processes, without waiting for them."""
    if process.stdin:
        with suppress(BrokenPipeError):  # it has just ended, which whoever waits for it will see
            process.stdin.write(b"\n")
            process.stdin.flush()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let it end by itself, whose sign is the end of its input, and then all that it started."""
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=_SECONDS_TO_END)
    stop_process_group(process)


def _environment(settings: Settings) -> dict[str, str]:
    temporary = settings.state / "tmp"  # the unpacked code of the functions' workers
    shutil.rmtree(temporary, ignore_errors=True)  # what a killed run has left
    temporary.mkdir(parents=True)
    return neutral_environment(os.environ) | {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(settings.gateway_port),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_WARM_TTL_SECONDS": str(_SECONDS_A_WORKER_STAYS_WARM),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": str(settings.state / "objects"),
        "S3_PERSIST": "1",
        "SERVICES": ",".join(_SERVICES),
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(settings.saved_state),
        "TMPDIR": str(temporary),
    }


def _wait_until_ready(settings: Settings, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmulatorError(f"MiniStack ended with exit code {process.returncode}")
        try:
            httpx.get(f"{settings.endpoint}/_ministack/ready", trust_env=False)
        except httpx.TransportError:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        else:
            return
    raise EmulatorError(f"MiniStack was not ready within {_SECONDS_TO_START} seconds")
