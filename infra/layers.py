"""The two layers: `core` changes with our code, `deps` with the lock. Neither needs Docker."""

from pathlib import Path

from aws_cdk.aws_lambda import LayerVersion
from constructs import Construct

from infra.config import Stage
from infra.packing import packed, packed_folder

_ROOT = Path(__file__).parent.parent
_LOCK = _ROOT / "requirements" / "runtime.txt"


class Layers(Construct):
    """The layers that every function runs on."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(scope, "Layers")
        python = stage.python
        self.core = LayerVersion(
            self,
            "Core",
            description="The footfall package",
            code=packed_folder(_ROOT / "layers" / "core" / "python", python),
        )
        self.deps = LayerVersion(
            self,
            "Deps",
            description="What the functions import beside footfall and boto3",
            code=packed(
                _LOCK.parent,
                lambda directory: python.install_packages(directory / "python"),
                python,
                identity=_LOCK.read_bytes(),
            ),
        )
