"""The two layers: `core` changes with our code, `deps` with the lock. Neither needs Docker."""

import hashlib
import subprocess
import sys
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import Code, LayerVersion
from constructs import Construct

from infra.config import Stage

_ROOT = Path(__file__).parent.parent
_LOCK = _ROOT / "requirements" / "runtime.txt"
LAMBDA_TARGET = ("--python-version", "3.13", "--python-platform", "aarch64-manylinux2014")
LOCAL_TARGET = ("--python-version", "{}.{}".format(*sys.version_info))


class Layers(Construct):
    """The layers that every function runs on."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(scope, "Layers")
        self.core = LayerVersion(
            self,
            "Core",
            description="The footfall package",
            code=Code.from_asset(str(_ROOT / "layers" / "core"), exclude=["**/__pycache__"]),
        )
        target = LAMBDA_TARGET if stage.built_for_lambda else LOCAL_TARGET
        self.deps = LayerVersion(
            self,
            "Deps",
            description="What the functions import beside footfall and boto3",
            code=Code.from_asset(
                str(_LOCK.parent),
                asset_hash_type=AssetHashType.CUSTOM,
                asset_hash=_hash(target),
                bundling=BundlingOptions(
                    image=DockerImage.from_registry("never-used"), local=Wheels(target)
                ),
            ),
        )


@jsii.implements(ILocalBundling)
class Wheels:
    """Installs the wheels of the runtime lock for a target, with uv.

    Wheels stay uncompiled: bytecode is bound to a minor version of Python, and the one that builds
    need not be the one of Lambda.
    """

    def __init__(self, target: tuple[str, ...]) -> None:
        self._target = target

    def try_bundle(self, output_dir: str, *_: object, **__: object) -> bool:
        """Fill the layer's directory; there is no other way, so a failure is an error."""
        install_wheels(Path(output_dir) / "python", self._target)
        return True


def install_wheels(directory: Path, target: tuple[str, ...]) -> None:
    """Install exactly what the runtime lock names into the directory."""
    subprocess.run(  # noqa: S603 - the command is ours, word for word
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet"),
            *("--requirements", str(_LOCK), "--require-hashes", "--no-deps"),
            *("--only-binary", ":all:", "--no-compile-bytecode", "--target", str(directory)),
            *target,
        ],
        check=True,
    )


def _hash(target: tuple[str, ...]) -> str:
    return hashlib.sha256(_LOCK.read_bytes() + "\n".join(target).encode()).hexdigest()
