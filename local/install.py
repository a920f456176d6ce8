"""Installs what the project needs beside itself, pinned and hashed: `.venv` and `node_modules`.

The one file that runs before anything is installed: Python's standard library is all it has.
`make` runs it with the machine's own Python, once for each part and again when its lock changes.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BIN = ROOT / ".venv" / "bin"
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
    _run(
        "Installing the CDK CLI",
        (str(_BIN / "npm"), "ci", "--no-audit", "--no-fund", "--loglevel", "error"),
    )


def _create_environment() -> None:
    try:
        venv.create(ROOT / ".venv", with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("Python cannot create virtual environments. On Debian: apt install python3-venv")


def _run(title: str, command: Sequence[str]) -> None:
    """Run a command behind one moving line; its output goes to a log of its own."""
    _LOGS.mkdir(parents=True, exist_ok=True)
    log_path = _LOGS / f"{title.lower().replace(' ', '-')}.log"
    environ = os.environ | {"PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    with (
        log_path.open("w") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        for count, line in enumerate(process.stdout or (), start=1):
            log.write(line)
            if sys.stderr.isatty():
                sys.stderr.write(f"{_ERASE_LINE}{title} ({count})")
    if sys.stderr.isatty():
        sys.stderr.write(_ERASE_LINE)
    if process.returncode:
        sys.stderr.writelines(log_path.read_text().splitlines(keepends=True)[-_LOG_LINES_SHOWN:])
        sys.exit(f"{title} failed; the log is {log_path}")
    sys.stderr.write(f"✓ {title}\n")


if __name__ == "__main__":
    {"python": install_python_packages, "cdk": install_cdk}[sys.argv[1]]()
