"""What the tests of the command share: a terminal, a fake API, and a stack inside moto."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from unittest.mock import patch

import boto3
import httpx
import pytest
from typer.testing import CliRunner, Result

from cli import api, cloud, screen
from cli.main import app
from cli.pace import Pace
from footfall.settings import Setting
from tests.cli.fake_api import KEY, STORE, URL, FakeApi, FakeTime
from tests.moto_cloud import moto_cloud

Footfall = Callable[..., Result]
STACK = "footfall-test"


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the person's own local cloud, environment and terminal out of the tests."""
    with patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("FOOTFALL_")]:
            del os.environ[name]
        monkeypatch.setattr(cloud, "STATE", tmp_path / ".local")
        monkeypatch.setattr("cli.importing.command.STATE", tmp_path / ".local")
        monkeypatch.setattr(screen.console, "width", 240)
        yield


@pytest.fixture
def footfall() -> Footfall:
    """The command: call it with its arguments."""

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run


@pytest.fixture
def fake_api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    """The API that the command reaches, and a store and key for it in the environment."""
    time = FakeTime()
    fake = FakeApi(time)
    monkeypatch.setattr(api, "Pace", partial(Pace, clock=time.clock, sleep=time.sleep))
    monkeypatch.setattr(
        api, "open_client", lambda: httpx.AsyncClient(transport=httpx.MockTransport(fake.answer))
    )
    os.environ |= {"FOOTFALL_URL": URL, "FOOTFALL_STORE": STORE, "FOOTFALL_API_KEY": KEY}
    return fake


@pytest.fixture
def stack() -> Iterator[str]:
    """A stack in moto, with what the command reads of it; the environment names it."""
    with moto_cloud():
        plan = boto3.client("apigateway").create_usage_plan(name="plan")
        stream = boto3.client("dynamodb").describe_table(TableName=Setting.EVENTS_TABLE)
        states = boto3.client("dynamodb").describe_table(TableName=Setting.SEGMENT_STATES_TABLE)
        failures = boto3.client("sqs").create_queue(QueueName="stream-failures")
        outputs: dict[str, str] = {
            cloud.Output.API_URL: URL,
            cloud.Output.USAGE_PLAN_ID: plan["id"],
            cloud.Output.KEYS_TABLE: Setting.KEYS_TABLE,
            cloud.Output.EVENTS_STREAM_ARN: stream["Table"]["LatestStreamArn"],
            cloud.Output.SEGMENT_STATES_STREAM_ARN: states["Table"]["LatestStreamArn"],
            cloud.Output.EVENTS_QUEUE_URL: os.environ[Setting.EVENTS_QUEUE_URL],
            cloud.Output.DEAD_LETTER_QUEUE_URL: os.environ[Setting.DEAD_LETTER_QUEUE_URL],
            cloud.Output.STREAM_FAILURES_QUEUE_URL: failures["QueueUrl"],
        }
        _deploy(STACK, outputs)
        os.environ["FOOTFALL_STACK"] = STACK
        yield STACK


def _deploy(name: str, outputs: Mapping[str, str]) -> None:
    template = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {output: {"Value": value} for output, value in outputs.items()},
    }
    boto3.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))
