"""Functions and layers laid out as Lambda has them, with bytecode and without."""

import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from infra.pythons import Python

_ROOT = Path(__file__).parent.parent.parent
_SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
_CACHES = shutil.ignore_patterns("__pycache__")


class Layout:
    """The directories that Lambda's path leads through, below one directory.

    boto3 is the one that the tests run with, compiled in any case: Lambda brings its own.
    """

    def __init__(self, place: Path, python: Python) -> None:
        self._place = place
        _copy_sdk(place / "runtime")
        python.compile(place / "runtime")
        _lay_out(place / "uncompiled", python)
        shutil.copytree(place / "uncompiled", place / "compiled")
        python.compile(place / "compiled")

    def path_of(self, function: str, *, is_compiled: bool = True) -> Sequence[str]:
        """Return the path on which a function finds its modules, in the order of Lambda's."""
        packed = self._place / ("compiled" if is_compiled else "uncompiled")
        parts = (packed / function, packed / "layers", self._place / "runtime")
        return [str(part) for part in parts]

    @property
    def path_of_clients(self) -> Sequence[str]:
        """Return the path on which boto3 alone is found."""
        return [str(self._place / "runtime")]


def _lay_out(place: Path, python: Python) -> None:
    for folder in sorted((_ROOT / "functions").iterdir()):
        if (folder / "handler.py").exists():
            shutil.copytree(folder, place / folder.name / folder.name, ignore=_CACHES)
    python.install_packages(place / "layers")
    core = _ROOT / "layers" / "core" / "python" / "footfall"
    shutil.copytree(core, place / "layers" / "footfall", ignore=_CACHES)


def _copy_sdk(place: Path) -> None:
    place.mkdir(parents=True)
    for name in _SDK:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(name)
        origin = Path(spec.origin)
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, place / name, ignore=_CACHES)
        else:
            shutil.copy(origin, place)
