"""The vendors' SDKs, each driven by a script of its own in an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from footfall.domain.stores import KEY_PREFIX
from local.settings import ROOT

UNKNOWN_KEY = f"{KEY_PREFIX}{'x' * 43}"
"""What looks like an API key, and opens nothing."""

_SECONDS_TO_ANSWER = 60
_FOLDER = Path(__file__).parent.relative_to(ROOT)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an SDK is pointed.

    Attributes:
        url: the root of the API.
        tls_url: its root over TLS.
        ca_file: the certificate of the authority that vouches for it there.
    """

    url: str
    tls_url: str
    ca_file: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an SDK's method; the SDKs for Node take no named arguments."""

    method: str
    arguments: tuple[object, ...]
    named: Mapping[str, object]


def call(method: str, *arguments: object, **named: object) -> Call:
    """Return the call that reads like the one in a program."""
    return Call(method, arguments, named)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the calls of one client.

    Attributes:
        returned: what each returned, as far as they came.
        error: the `type`, `text`, `status` and `body` of the error that ended them.
    """

    returned: list[Any]
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Sdk:
    """One SDK.

    Attributes:
        name: what pytest shows.
        interpreter: where it is installed, from the root of the repository.
        script: what drives it, as the interpreter's arguments.
    """

    name: str
    interpreter: Path
    script: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    def attempt(self, place: Place, key: str, *calls: Call) -> Outcome:
        """Make the calls with a new client, up to the first that fails."""
        if not self.interpreter.exists():
            pytest.fail(f"{self.name} is not installed: run `make sdks`", pytrace=False)
        over_tls = urlsplit(place.tls_url)
        task = {
            "url": place.url,
            "host": over_tls.hostname,
            "port": over_tls.port,
            "key": key,
            "calls": [(one.method, one.arguments, one.named) for one in calls],
        }
        done = subprocess.run(  # noqa: S603 - the scripts are our own
            [self.interpreter, *self.script],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "REQUESTS_CA_BUNDLE": place.ca_file,
                "NODE_EXTRA_CA_CERTS": place.ca_file,
            },
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=_SECONDS_TO_ANSWER,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return Outcome(**json.loads(done.stdout))

    def call(self, place: Place, key: str, *calls: Call) -> list[Any]:
        """Make the calls, none of which may fail, and return what each returned."""
        outcome = self.attempt(place, key, *calls)
        assert outcome.error is None, outcome.error
        return outcome.returned

    def fail(self, place: Place, key: str, *calls: Call) -> dict[str, Any]:
        """Make the calls, the last of which has to fail, and return its error."""
        outcome = self.attempt(place, key, *calls)
        assert outcome.error is not None, outcome.returned
        return outcome.error


def _python(name: str, environment: str, script: str, *arguments: str) -> Sdk:
    interpreter = ROOT / ".venv-sdks" / environment / "bin" / "python"
    return Sdk(name, interpreter, ("-m", f"tests.sdks.python.{script}", *arguments))


def _node(name: str, script: str) -> Sdk:
    interpreter = Path(sys.executable).with_name("node")
    return Sdk(name, interpreter, (f"{_FOLDER}/node/{script}.mjs",))


KLAVIYO_PYTHON = _python("klaviyo-api for Python", "klaviyo", "klaviyo")
KLAVIYO_PYTHON_FLAT = _python("klaviyo-api for Python, of 2023", "klaviyo-flat", "klaviyo")
KLAVIYO_NODE = _node("klaviyo-api for Node", "klaviyo")
TRACK_PYTHON = _python("customerio for Python", "customerio", "track")
TRACK_NODE = _node("customerio-node", "track")
PIPELINES_PYTHON = _python("customerio-cdp-analytics for Python", "pipelines", "pipelines")
PIPELINES_PYTHON_PACKED = _python(
    "customerio-cdp-analytics for Python, packed", "pipelines", "pipelines", "gzip"
)
PIPELINES_NODE = _node("@customerio/cdp-analytics-node", "pipelines")
SEGMENT_PYTHON = _python("segment-analytics-python", "segment", "segment_pipelines")
