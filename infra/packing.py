"""Code as Lambda gets it: modules with their bytecode, packed on this machine without Docker."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import AssetCode, Code

from infra.pythons import Python

_BYTECODE = "__pycache__"


def packed_folder(folder: Path, python: Python) -> AssetCode:
    """Return a folder of ours, under its own name."""

    def copy(directory: Path) -> None:
        shutil.copytree(folder, directory / folder.name, ignore=shutil.ignore_patterns(_BYTECODE))

    return packed(folder, copy, python, identity=_content(folder))


def packed(
    source: Path, fill: Callable[[Path], None], python: Python, *, identity: bytes
) -> AssetCode:
    """Return the modules that `fill` puts into a directory.

    Args:
        source: where they come from.
        identity: what tells them from others; packed once, they are not packed again.
    """
    return Code.from_asset(
        str(source),
        asset_hash_type=AssetHashType.CUSTOM,
        asset_hash=hashlib.sha256(identity + python.identity).hexdigest(),
        bundling=BundlingOptions(
            image=DockerImage.from_registry("never-used"), local=_Packing(fill, python)
        ),
    )


@jsii.implements(ILocalBundling)
class _Packing:
    def __init__(self, fill: Callable[[Path], None], python: Python) -> None:
        self._fill = fill
        self._python = python

    def try_bundle(self, output_dir: str, *_: object, **__: object) -> bool:
        """Fill the directory; there is no other way, so a failure is an error."""
        self._fill(Path(output_dir))
        self._python.compile(Path(output_dir))
        return True


def _content(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and _BYTECODE not in file.parts:
            digest.update(f"{file.relative_to(folder)}\n{file.stat().st_size}\n".encode())
            digest.update(file.read_bytes())
    return digest.digest()
