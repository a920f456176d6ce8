"""The Pythons that run the functions: the packages they take, and the bytecode made for them.

Lambda mounts code read-only: without bytecode beside it, each cold start compiles every module.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_PACKAGES = _HERE.parent / "requirements" / "runtime.txt"
_NODE = Path(sys.executable).with_name("node")
_NEVER_IMPORTED = "phonenumbers/(carrier|geo|short|tz)data/"
"""Where a number is from, and much else that nobody asks for: two thirds of the wheels' lines."""

_COMPILE = (
    *("-m", "compileall", "-q"),
    *("-x", _NEVER_IMPORTED),
    # A zip file gives its files other times than the ones that bytecode is made from.
    *("--invalidation-mode", "unchecked-hash"),
    ".",
)


@dataclass(frozen=True, slots=True)
class Python:
    """A Python that runs the functions.

    Attributes:
        wheels: the options by which uv takes wheels for it.
        command: the command of a Python with the same bytecode.
        lock: the file that pins this command.
    """

    wheels: tuple[str, ...]
    command: tuple[str, ...]
    lock: Path | None

    @property
    def identity(self) -> bytes:
        """What tells the code that is packed for it from that for another."""
        pinned = self.lock.read_bytes() if self.lock else sys.version.encode()
        return "\n".join((*self.wheels, *_COMPILE)).encode() + pinned

    def install_packages(self, directory: Path) -> None:
        """Install exactly what the runtime lock names into the directory."""
        subprocess.run(  # noqa: S603 - the command is ours, word for word
            [
                *(sys.executable, "-m", "uv", "pip", "install", "--quiet"),
                *("--requirements", str(_PACKAGES), "--require-hashes", "--no-deps"),
                *("--only-binary", ":all:", "--no-compile-bytecode", "--target", str(directory)),
                *self.wheels,
            ],
            check=True,
        )

    def compile(self, directory: Path) -> None:
        """Put bytecode beside every module below the directory; the same module, the same bytes."""
        subprocess.run(  # noqa: S603 - the command is ours, word for word
            [*self.command, *_COMPILE],
            cwd=directory,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            check=True,
        )


LAMBDA = Python(
    wheels=("--python-version", "3.13", "--python-platform", "aarch64-manylinux2014"),
    command=(str(_NODE), str(_HERE / "lambda_python.mjs")),
    lock=_HERE.parent / "package-lock.json",
)
THIS_ONE = Python(
    wheels=("--python-version", "{}.{}".format(*sys.version_info)),
    command=(sys.executable,),
    lock=None,
)
"""It is what MiniStack runs the functions in."""
