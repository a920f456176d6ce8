"""The layers hold what the functions need, built for the machine that will run them."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from infra.layers import LAMBDA_TARGET, LOCAL_TARGET, install_wheels
from tests.infra.synthesis import FUNCTIONS, ROOT, SynthesisedStack

BROUGHT_BY_THE_RUNTIME = (
    *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"),
)
ELF_MACHINE = slice(18, 20)
AARCH64 = (183).to_bytes(2, "little")
UNZIPPED_LIMIT = 250 * 1024 * 1024

IMPORT_AS_LAMBDA_DOES = """
import sys
sys.path[:0] = sys.argv[2:]
from importlib import import_module
assert callable(import_module(f"{sys.argv[1]}.handler").handler)
"""


@pytest.fixture(scope="session")
def lambda_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("lambda") / "python"
    install_wheels(directory, LAMBDA_TARGET)
    return directory


@pytest.fixture(scope="session")
def host_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("host") / "python"
    install_wheels(directory, LOCAL_TARGET)
    return directory


@pytest.fixture(scope="session")
def runtime_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The AWS SDK alone, as the Lambda runtime brings it."""
    directory = tmp_path_factory.mktemp("runtime")
    for name in BROUGHT_BY_THE_RUNTIME:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        origin = origin.parent if origin.name == "__init__.py" else origin
        (directory / origin.name).symlink_to(origin)
    return directory


def test_every_binary_is_for_the_python_and_the_processor_of_lambda(lambda_layer: Path) -> None:
    binaries = sorted(lambda_layer.rglob("*.so"))

    assert binaries
    for binary in binaries:
        assert re.search(r"\.(cpython-313-aarch64-linux-gnu|abi3)\.so$", binary.name)
        assert binary.read_bytes()[ELF_MACHINE] == AARCH64


def test_the_layer_is_the_runtime_lock_and_nothing_else(lambda_layer: Path) -> None:
    locked = set(
        re.findall(
            r"^([\w-]+)==", (ROOT / "requirements" / "runtime.txt").read_text(), re.MULTILINE
        )
    )
    installed = {
        path.name.split("-")[0].replace("_", "-") for path in lambda_layer.glob("*.dist-info")
    }

    assert installed == locked
    assert not installed & {"boto3", "botocore"}


def test_the_layers_fit_lambda(lambda_layer: Path, dev: SynthesisedStack) -> None:
    size = sum(
        path.stat().st_size
        for directory in (lambda_layer, core_layer(dev))
        for path in directory.rglob("*")
        if path.is_file()
    )

    assert size < UNZIPPED_LIMIT


def test_a_layer_for_another_target_is_another_asset(
    dev: SynthesisedStack, local: SynthesisedStack
) -> None:
    assert layer_location(dev, "Deps") != layer_location(local, "Deps")
    assert layer_location(dev, "Core") == layer_location(local, "Core")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_ships_its_own_folder_only(dev: SynthesisedStack, function: str) -> None:
    code = dev.asset(dev.functions()[function]["Code"])

    assert [path.name for path in code.iterdir()] == [function]
    assert not list(code.rglob("__pycache__"))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_with_its_layers_alone(
    dev: SynthesisedStack, host_layer: Path, runtime_packages: Path, function: str
) -> None:
    properties = dev.functions()[function]
    path = [dev.asset(properties["Code"]), core_layer(dev), host_layer, runtime_packages]

    subprocess.run(  # noqa: S603 - our own interpreter, isolated from what is installed beside it
        [sys.executable, "-I", "-S", "-c", IMPORT_AS_LAMBDA_DOES, function, *map(str, path)],
        env={"AWS_REGION": "us-east-1", "PATH": os.defpath}
        | dict.fromkeys(properties["Environment"]["Variables"], "1"),
        check=True,
    )


def core_layer(stack: SynthesisedStack) -> Path:
    return stack.asset(layer_location(stack, "Core")) / "python"


def layer_location(stack: SynthesisedStack, name: str) -> dict[str, str]:
    (layer,) = (
        resource["Properties"]
        for logical_id, resource in stack.resources("AWS::Lambda::LayerVersion").items()
        if logical_id.startswith(f"Layers{name}")
    )
    return dict(layer["Content"])
