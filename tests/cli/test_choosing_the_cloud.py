"""Which cloud and which store a command means, and what it says when there is none."""

import json
import os
from pathlib import Path

import pytest

from cli import cloud
from cli.api import Access, ApiError, read_access
from cli.cloud import NoCloudError, open_cloud
from footfall.settings import Setting
from tests.cli.conftest import Footfall
from tests.cli.fake_api import KEY, STORE, URL

_AWS = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_DEFAULT_REGION": "us-east-1"}
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@pytest.fixture
def local_cloud(tmp_path: Path) -> None:
    """What `make run` leaves in its folder."""
    state = tmp_path / ".local"
    state.mkdir()
    outputs = {output: f"the {output}" for output in cloud.Output}
    demo = {"url": "http://127.0.0.1:8787", "storeId": "demo", "apiKey": "footfall_demo"}
    for name, content in {
        "aws.json": _AWS | _CREDENTIALS,
        "outputs.json": {"footfall-local": outputs},
        "stack.json": demo,
    }.items():
        (state / name).write_text(json.dumps(content))


@pytest.mark.usefixtures("local_cloud")
def test_the_local_cloud_is_meant_where_no_stack_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    opened = open_cloud(None)
    assert opened.is_local
    assert opened.output(cloud.Output.KEYS_TABLE) == "the KeysTable"
    assert os.environ[Setting.KEYS_TABLE] == "the KeysTable"
    variables = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    assert variables == _AWS | _CREDENTIALS


@pytest.mark.usefixtures("local_cloud")
def test_a_cloud_that_was_stopped_is_said_so(footfall: Footfall) -> None:
    result = footfall("stores", "list")
    assert result.exit_code == 2
    assert "Nothing answers at http://127.0.0.1:1/" in result.stderr
    assert "is `make run` running?" in result.stderr


@pytest.mark.usefixtures("local_cloud")
def test_the_demo_store_is_meant_where_none_is_named() -> None:
    demo = Access("http://127.0.0.1:8787", "demo", "footfall_demo")
    assert read_access(None, None, None, None) == demo
    assert read_access(None, None, "shop", KEY) == Access(demo.url, "shop", KEY)


def test_a_deployed_stack_knows_its_url(stack: str) -> None:
    assert read_access(stack, None, STORE, KEY) == Access(URL, STORE, KEY)
    with pytest.raises(ApiError, match="FOOTFALL_API_KEY"):
        read_access(stack, None, STORE, None)


def test_no_stack_is_needed_where_the_options_say_all() -> None:
    assert read_access(None, URL, STORE, KEY) == Access(URL, STORE, KEY)
    with pytest.raises(NoCloudError, match="make run"):
        read_access(None, URL, STORE, None)


@pytest.mark.usefixtures("stack")
def test_on_aws_the_store_must_be_named(footfall: Footfall) -> None:
    result = footfall("keys", "list")
    assert result.exit_code == 2
    assert "Name the store with --store or FOOTFALL_STORE." in result.stderr
