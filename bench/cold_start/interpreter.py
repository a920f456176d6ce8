"""The Python that cold starts are measured with: Lambda's version, where this machine has it."""

import os
import subprocess
import sys

from infra.pythons import LAMBDA, THIS_ONE, Python

LAMBDA_VERSION = LAMBDA.wheels[LAMBDA.wheels.index("--python-version") + 1]


def measured_python() -> Python:
    """Return Lambda's version of Python if uv finds it here, and else the one that runs this."""
    found = subprocess.run(  # noqa: S603 - the command is ours, word for word
        [sys.executable, "-m", "uv", "python", "find", "--no-python-downloads", LAMBDA_VERSION],
        # Of pyenv's Pythons, only those that are asked for by this answer to their names.
        env={**os.environ, "PYENV_VERSION": LAMBDA_VERSION},
        capture_output=True,
        check=False,
        text=True,
    )
    if found.returncode:
        return THIS_ONE
    wheels = ("--python-version", LAMBDA_VERSION)
    return Python(wheels=wheels, command=(found.stdout.strip(),), lock=None)


def version_of(python: Python) -> str:
    """Return the whole version of a Python."""
    told = subprocess.run(  # noqa: S603 - as above
        [*python.command, "-c", "import platform; print(platform.python_version())"],
        capture_output=True,
        check=True,
        text=True,
    )
    return told.stdout.strip()
