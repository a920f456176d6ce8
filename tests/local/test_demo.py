"""The demo store's keys: made once, found again, and made anew when the cloud has lost them."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from cli.cloud import Cloud, Output
from footfall.aws.api_keys import ApiKey, find_api_key, list_api_keys
from footfall.domain.stores import PUBLIC_SCOPES, Scope, is_public_key, key_hash
from footfall.settings import Setting, read_setting
from local.demo import prepare_demo
from tests.moto_cloud import moto_cloud


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with moto_cloud():
        plan = boto3.client("apigateway").create_usage_plan(name="plan")
        yield Cloud("footfall-local", {Output.USAGE_PLAN_ID: plan["id"]})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "demo.json"


def known(api_key: str) -> ApiKey:
    found = find_api_key(key_hash(api_key))
    assert found is not None
    return found


def test_the_store_has_a_key_for_everything_and_one_for_pages(cloud: Cloud, file: Path) -> None:
    demo = prepare_demo(cloud, file)
    assert known(demo.api_key).scopes == frozenset(Scope)
    assert not is_public_key(demo.api_key)
    assert known(demo.public_key).scopes == PUBLIC_SCOPES
    assert is_public_key(demo.public_key)
    assert file.stat().st_mode & 0o077 == 0


def test_the_next_run_finds_them_again(cloud: Cloud, file: Path) -> None:
    assert prepare_demo(cloud, file) == prepare_demo(cloud, file)
    assert len(list_api_keys("demo")) == 2


def test_a_run_before_there_were_public_keys_keeps_its_key(cloud: Cloud, file: Path) -> None:
    before = prepare_demo(cloud, file)
    file.write_text(f'{{"apiKey":"{before.api_key}"}}')
    after = prepare_demo(cloud, file)
    assert after.api_key == before.api_key
    assert known(after.public_key).is_public


def test_keys_that_the_cloud_has_lost_are_made_anew(cloud: Cloud, file: Path) -> None:
    before = prepare_demo(cloud, file)
    boto3.client("dynamodb").delete_item(
        TableName=read_setting(Setting.KEYS_TABLE),
        Key={"pk": {"S": key_hash(before.public_key)}},
    )
    after = prepare_demo(cloud, file)
    assert after.api_key == before.api_key
    assert after.public_key != before.public_key
    assert known(after.public_key).is_public
