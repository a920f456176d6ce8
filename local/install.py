"""Installs what the project needs beside itself, pinned and hashed.

That is `.venv` and `node_modules`; for the tests alone the vendors' SDKs: those for Python each in
an environment of its own under `.venv-sdks`, as two of them are imported by the same name; and
for `make fuzz` alone Schemathesis, under `.venv-fuzz`.

The one file that runs before anything is installed: Python's standard library is all it has.
`make` runs it with the machine's own Python, once for each part and again when its lock changes.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
_BIN = ROOT / ".venv" / "bin"
_SDKS = ROOT / ".venv-sdks"
_FUZZ = ROOT / ".venv-fuzz"
_NODE_SDKS = "tests/sdks/node"
_LOGS = ROOT / ".local" / "logs"
_LOG_LINES_SHOWN = 15
_ERASE_LINE = "\r\033[K"


def install_python_packages() -> None:
    """Create the virtual environment and bring it to the lock, with this project in it."""
    if not (_BIN / "pip").exists():
        _create_environment()
    pip = (str(_BIN / "python"), "-m", "pip", "--disable-pip-version-check")
    _run(
        "Installing the Python packages",
        (*pip, "install", "--require-hashes", "--requirement", "requirements/dev.txt"),
    )
    _run(
        "Installing the footfall command",
        (*pip, "install", "--no-deps", "--no-build-isolation", "--editable", "."),
    )


def install_cdk() -> None:
    """Install the CDK CLI with the npm that came with the Python packages."""
    _run("Installing the CDK CLI", _npm_ci())


def install_sdks() -> None:
    """Bring the vendors' SDKs to their locks, with the uv and the npm of the Python packages."""
    commands: list[Sequence[str]] = []
    for lock in sorted((ROOT / "requirements").glob("sdk-*.txt")):
        commands += _environment(_SDKS / lock.stem.removeprefix("sdk-"), lock)
    _run("Installing the SDKs that the tests drive", *commands, _npm_ci("--prefix", _NODE_SDKS))


def install_fuzz() -> None:
    """Bring Schemathesis to its lock, with the uv of the Python packages."""
    lock = ROOT / "requirements" / "fuzz.txt"
    _run("Installing Schemathesis", *_environment(_FUZZ, lock))


def _environment(place: Path, lock: Path) -> list[Sequence[str]]:
    """Return the commands that make an environment what its lock says."""
    uv, python = str(_BIN / "uv"), str(_BIN / "python")
    return [
        (uv, "venv", "--quiet", "--clear", "--python", python, str(place)),
        (uv, "pip", "sync", "--require-hashes", "--python", str(place), str(lock)),
    ]


def _npm_ci(*arguments: str) -> tuple[str, ...]:
    npm = str(_BIN / "npm")
    return (npm, "ci", "--no-audit", "--no-fund", "--loglevel", "error", *arguments)


def _create_environment() -> None:
    try:
        venv.create(ROOT / ".venv", with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("Python cannot create virtual environments. On Debian: apt install python3-venv")


def _run(title: str, *commands: Sequence[str]) -> None:
    """Run commands behind one moving line; their output goes to a log of its own."""
    _LOGS.mkdir(parents=True, exist_ok=True)
    log_path = _LOGS / f"{title.lower().replace(' ', '-')}.log"
    with log_path.open("w") as log:
        failed = any(_fails(title, command, log) for command in commands)
    if sys.stderr.isatty():
        sys.stderr.write(_ERASE_LINE)
    if failed:
        sys.stderr.writelines(log_path.read_text().splitlines(keepends=True)[-_LOG_LINES_SHOWN:])
        sys.exit(f"{title} failed; the log is {log_path}")
    sys.stderr.write(f"✓ {title}\n")


def _fails(title: str, command: Sequence[str], log: TextIO) -> bool:
    environ = os.environ | {"PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for count, line in enumerate(process.stdout or (), start=1):
            log.write(line)
            if sys.stderr.isatty():
                sys.stderr.write(f"{_ERASE_LINE}{title} ({count})")
    return process.returncode != 0


if __name__ == "__main__":
    {
        "python": install_python_packages,
        "cdk": install_cdk,
        "sdks": install_sdks,
        "fuzz": install_fuzz,
    }[sys.argv[1]]()
