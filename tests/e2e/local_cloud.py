"""A local cloud of the tests' own: what `make run` starts, on free ports, in a new directory."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3

from cli.api_keys import create_key, create_public_key
from cli.cloud import Cloud
from cli.stores import create_store
from footfall.aws import clients
from footfall.domain.stores import Scope
from footfall.settings import Setting
from local.draining import wait_until_stored
from local.settings import HOST, STACK_NAME
from tests.e2e.cloud_processes import function_of, processes_of
from tests.e2e.polling import eventually
from tests.e2e.store import Store

_ROOT = Path(__file__).parents[2]
_SECONDS_TO_START = 240
_SECONDS_TO_STOP = 60


class LocalCloud:
    """Starts and stops the cloud, knows its outputs, and makes stores in it."""

    def __init__(self, state: Path) -> None:
        self._state = state
        port, gateway_port = _free_ports()
        self._environ = os.environ | {
            "FOOTFALL_STATE": str(state),
            "GATEWAY_PORT": str(gateway_port),
            "PORT": str(port),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the cloud, and wait until it serves."""
        with self._screen.open("wb") as screen, self._progress.open("wb") as progress:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local"],
                cwd=_ROOT,
                env=self._environ,
                stdout=screen,
                stderr=progress,
                start_new_session=True,
            )
        eventually(partial(self._serves, self._process), seconds=_SECONDS_TO_START)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send it a signal, as Ctrl-C does, and return its exit code."""
        assert self._process
        self._process.send_signal(number)
        return self._process.wait(_SECONDS_TO_STOP)

    def run_beside(self) -> "subprocess.CompletedProcess[str]":
        """Try to start another cloud on the same ports, and return how that ended."""
        return subprocess.run(
            [sys.executable, "-m", "local"],
            cwd=_ROOT,
            env=self._environ | {"FOOTFALL_STATE": str(self._state.with_suffix(".other"))},
            capture_output=True,
            text=True,
            timeout=_SECONDS_TO_STOP,
            check=False,
        )

    def footfall(self, *arguments: str) -> str:
        """Run the `footfall` command against this cloud, and return what it says."""
        return subprocess.run(  # noqa: S603 - the command is our own
            [Path(sys.executable).with_name("footfall"), *arguments],
            env=self._environ | {"COLUMNS": "240"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def processes(self) -> list[str]:
        """Return the commands of all processes that work for this cloud."""
        return [command for _, command in processes_of(self._state)]

    def start_footfall(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a `footfall` command that goes on until it is stopped."""
        return subprocess.Popen(  # noqa: S603 - the command is our own
            [Path(sys.executable).with_name("footfall"), *arguments],
            env=self._environ | {"COLUMNS": "240"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def screen(self) -> str:
        """Return what it has told on standard output."""
        return self._screen.read_text()

    def progress(self) -> str:
        """Return what it has told on standard error."""
        return self._progress.read_text()

    def file(self, name: str) -> dict[str, Any]:
        """Return a JSON file that the cloud has written for programs."""
        document: dict[str, Any] = json.loads((self._state / name).read_text())
        return document

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the deployed stack."""
        outputs: dict[str, str] = self.file("outputs.json")[STACK_NAME]
        return outputs

    @contextmanager
    def reached_by_boto3(self) -> Iterator[None]:
        """Point boto3, and Footfall's own adapters, at this cloud."""
        settings = {
            Setting.KEYS_TABLE: self.outputs["KeysTable"],
            Setting.EVENTS_QUEUE_URL: self.outputs["EventsQueueUrl"],
            Setting.DEAD_LETTER_QUEUE_URL: self.outputs["DeadLetterQueueUrl"],
        }
        with patch.dict(os.environ, self.file("aws.json") | settings):
            _forget_clients()
            yield
        _forget_clients()

    def new_store(self) -> Store:
        """Create a store, with a key that may do everything."""
        store_id = f"store-{secrets.token_hex(4)}"
        with self.reached_by_boto3():
            create_store(self._cloud, "A store of the tests", store_id)
        return Store(self.file("stack.json")["url"], store_id, self.new_key(store_id, Scope))

    def new_key(self, store_id: str, scopes: Iterable[Scope]) -> str:
        """Create one more key of a store."""
        with self.reached_by_boto3():
            return create_key(self._cloud, store_id, "tests", scopes)

    def new_public_key(self, store_id: str) -> str:
        """Create a key that may stand in a page."""
        with self.reached_by_boto3():
            return create_public_key(self._cloud, store_id, "a page of the tests")

    @contextmanager
    def processing_paused(self) -> Iterator[None]:
        """Leave accepted events in their queue while the block runs; boto3 must reach the cloud."""
        wait_until_stored(self.outputs["EventsQueueUrl"])
        with self.queue_paused("EventsQueueUrl"):
            yield

    @contextmanager
    def queue_paused(self, output: str) -> Iterator[None]:
        """Leave what is in a queue of the stack's while the block runs."""
        attributes = boto3.client("sqs").get_queue_attributes(
            QueueUrl=self.outputs[output], AttributeNames=["QueueArn"]
        )["Attributes"]
        functions = boto3.client("lambda")
        (mapping,) = functions.list_event_source_mappings(EventSourceArn=attributes["QueueArn"])[
            "EventSourceMappings"
        ]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    @contextmanager
    def sweep_paused(self) -> Iterator[None]:
        """Let no sweep run by itself while the block runs; boto3 must reach the cloud."""
        events = boto3.client("events")
        (rule,) = [one for one in events.list_rules()["Rules"] if "ScheduleExpression" in one]
        events.disable_rule(Name=rule["Name"])
        try:
            yield
        finally:
            events.enable_rule(Name=rule["Name"])

    def sweep(self) -> None:
        """Run a sweep now; boto3 must reach the cloud."""
        functions = boto3.client("lambda")
        names = [one["FunctionName"] for one in functions.list_functions()["Functions"]]
        (sweep,) = [name for name in names if name.startswith(f"{STACK_NAME}-Sweep")]
        assert "FunctionError" not in functions.invoke(FunctionName=sweep, Payload=b"{}")

    def kill_workers(self, function: str) -> int:
        """Kill the processes of a function, as nothing else could; return how many there were."""
        killed = 0
        for process, command in processes_of(self._state):
            if function_of(command) == function:
                with suppress(ProcessLookupError):  # it has just ended
                    os.kill(process, signal.SIGKILL)
                    killed += 1
        return killed

    @property
    def _cloud(self) -> Cloud:
        return Cloud(STACK_NAME, self.outputs)

    @property
    def _screen(self) -> Path:
        return self._state.with_suffix(".screen")

    @property
    def _progress(self) -> Path:
        return self._state.with_suffix(".progress")

    def _serves(self, process: "subprocess.Popen[bytes]") -> bool:
        if process.poll() is not None:
            raise AssertionError(f"the cloud did not start:\n{self.progress()}")
        return (self._state / "stack.json").exists()


def _forget_clients() -> None:
    for client in (clients.dynamodb, clients.sqs, clients.s3):
        client.cache_clear()


def _free_ports() -> tuple[int, int]:
    """Return the first of two free ports in a row, and another one."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as other:
            first.bind((HOST, 0))
            port = first.getsockname()[1]
            with suppress(OSError, OverflowError):
                second.bind((HOST, port + 1))
                other.bind((HOST, 0))
                return port, other.getsockname()[1]
