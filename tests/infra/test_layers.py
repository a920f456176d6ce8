"""The layers hold what the functions need, built for the machine that will run them."""

import os
import re
import subprocess
import sys
from importlib.util import cache_from_source, find_spec
from pathlib import Path

import pytest

from infra.pythons import LAMBDA, THIS_ONE
from tests.infra.synthesis import FUNCTIONS, ROOT, SynthesisedStack, synthesise

BROUGHT_BY_THE_RUNTIME = (
    *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"),
)
ELF_MACHINE = slice(18, 20)
AARCH64 = (183).to_bytes(2, "little")
UNZIPPED_LIMIT = 250 * 1024 * 1024
BEGIN_OF_BYTECODE = slice(8)
MAGIC_NUMBER_OF_LAMBDA = (3571).to_bytes(2, "little") + b"\r\n"  # that of every 3.13
NEVER_COMPARED_WITH_THE_SOURCE = (1).to_bytes(4, "little")

AS_IN_LAMBDA = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "PATH": os.defpath,
}
START_AS_LAMBDA_DOES = """
import gc, sys
sys.path[:0] = sys.argv[2:]
from importlib import import_module
assert callable(import_module(f"{sys.argv[1]}.handler").handler)
assert gc.isenabled() and gc.get_freeze_count(), "the start has not ended"
"""


@pytest.fixture(scope="session")
def packed() -> SynthesisedStack:
    """The stage that is packed for this interpreter, whose code can be tried."""
    return synthesise("local", packs=True)


@pytest.fixture(scope="session")
def lambda_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("lambda") / "python"
    LAMBDA.install_packages(directory)
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


def test_what_a_function_is_made_of_fits_lambda(packed: SynthesisedStack) -> None:
    size = sum(
        path.stat().st_size
        for directory in (*layers(packed), code_of(packed, "ingest"))
        for path in directory.rglob("*")
        if path.is_file()
    )

    assert size < UNZIPPED_LIMIT


def test_code_for_another_python_is_another_asset(
    dev: SynthesisedStack, prod: SynthesisedStack, local: SynthesisedStack
) -> None:
    for name in ("Deps", "Core"):
        assert layer_location(dev, name) == layer_location(prod, name)
        assert layer_location(dev, name) != layer_location(local, name)
    assert dev.functions()["ingest"]["Code"] == prod.functions()["ingest"]["Code"]
    assert dev.functions()["ingest"]["Code"] != local.functions()["ingest"]["Code"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_ships_its_own_folder_only(packed: SynthesisedStack, function: str) -> None:
    assert [path.name for path in code_of(packed, function).iterdir()] == [function]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_starts_with_its_layers_alone(
    packed: SynthesisedStack, runtime_packages: Path, function: str
) -> None:
    settings = packed.functions()[function]["Environment"]["Variables"]
    path = [code_of(packed, function), *layers(packed), runtime_packages]

    subprocess.run(  # noqa: S603 - our own interpreter, isolated from what is installed beside it
        [sys.executable, "-I", "-S", "-c", START_AS_LAMBDA_DOES, function, *map(str, path)],
        env=AS_IN_LAMBDA | dict.fromkeys(settings, "1"),
        check=True,
    )


def test_every_module_that_is_shipped_has_its_bytecode(packed: SynthesisedStack) -> None:
    shipped = [*layers(packed), *(code_of(packed, function) for function in FUNCTIONS)]

    uncompiled = {
        module.parent.name
        for directory in shipped
        for module in directory.rglob("*.py")
        if not bytecode_of(module).exists()
    }

    assert uncompiled == {"carrierdata", "geodata", "shortdata", "tzdata"}


def test_bytecode_for_lambda_is_of_its_version_and_needs_no_source(
    dev: SynthesisedStack, tmp_path: Path
) -> None:
    runtimes = {properties["Runtime"] for properties in dev.functions().values()}
    assert runtimes == {"python3.13"}
    (tmp_path / "module.py").write_text("names = {'a', 'b'}\n")

    LAMBDA.compile(tmp_path)

    begin = (tmp_path / "__pycache__" / "module.cpython-313.pyc").read_bytes()[BEGIN_OF_BYTECODE]
    assert begin == MAGIC_NUMBER_OF_LAMBDA + NEVER_COMPARED_WITH_THE_SOURCE


def test_the_same_modules_are_the_same_bytecode_wherever_they_are_compiled(
    tmp_path: Path,
) -> None:
    bytecodes = set()
    for place in ("one", "another"):
        directory = tmp_path / place
        directory.mkdir()
        module = directory / "module.py"
        module.write_text("assert 'b' in {'a', 'b', 'c'}\n")
        THIS_ONE.compile(directory)
        bytecodes.add(bytecode_of(module).read_bytes())

    assert len(bytecodes) == 1


def bytecode_of(module: Path) -> Path:
    return Path(cache_from_source(str(module)))


def layers(stack: SynthesisedStack) -> tuple[Path, ...]:
    return tuple(stack.asset(layer_location(stack, name)) / "python" for name in ("Core", "Deps"))


def code_of(stack: SynthesisedStack, function: str) -> Path:
    return stack.asset(stack.functions()[function]["Code"])


def layer_location(stack: SynthesisedStack, name: str) -> dict[str, str]:
    (layer,) = (
        resource["Properties"]
        for logical_id, resource in stack.resources("AWS::Lambda::LayerVersion").items()
        if logical_id.startswith(f"Layers{name}")
    )
    return dict(layer["Content"])
