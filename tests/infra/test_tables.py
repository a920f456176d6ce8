"""The tables that the moto tests create are the deployed ones."""

from collections.abc import Mapping
from typing import Any

import pytest

from footfall.settings import Setting
from tests.infra.synthesis import SynthesisedStack
from tests.moto_cloud import GLOBAL_INDEXES, NUMBERS, TABLES

KEY_TYPES = ("HASH", "RANGE")


@pytest.fixture(scope="module")
def tables(dev: SynthesisedStack) -> dict[str, Mapping[str, Any]]:
    """The deployed tables, by the setting that tells a function of them."""
    deployed = dev.resources("AWS::DynamoDB::Table")
    return {
        setting: deployed[value["Ref"]]["Properties"]
        for function in dev.functions().values()
        for setting, value in function["Environment"]["Variables"].items()
        if setting in TABLES
    }


def test_every_table_is_told_of(
    dev: SynthesisedStack, tables: dict[str, Mapping[str, Any]]
) -> None:
    assert tables.keys() == TABLES.keys()
    assert len(dev.resources("AWS::DynamoDB::Table")) == len(TABLES)


@pytest.mark.parametrize("setting", TABLES)
def test_a_table_has_the_keys_that_the_tests_assume(
    tables: dict[str, Mapping[str, Any]], setting: Setting
) -> None:
    names = ("pk", "sk") if TABLES[setting] else ("pk",)

    assert tables[setting]["KeySchema"] == key_schema(*names)
    for attribute in tables[setting]["AttributeDefinitions"]:
        expected = "N" if attribute["AttributeName"] in NUMBERS else "S"
        assert attribute["AttributeType"] == expected


@pytest.mark.parametrize("setting", TABLES)
def test_a_table_has_the_index_that_the_tests_assume(
    tables: dict[str, Mapping[str, Any]], setting: Setting
) -> None:
    indexes = {
        index["IndexName"]: index["KeySchema"]
        for index in tables[setting].get("GlobalSecondaryIndexes", [])
    }
    expected = GLOBAL_INDEXES.get(setting)

    assert indexes == ({expected[0]: key_schema(*expected[1:])} if expected else {})


@pytest.mark.parametrize(
    "setting", [Setting.CUSTOMERS_TABLE, Setting.SEGMENTS_TABLE, Setting.SEGMENT_STATES_TABLE]
)
def test_walking_and_sweeping_pay_for_keys_only(
    tables: dict[str, Mapping[str, Any]], setting: Setting
) -> None:
    (index,) = tables[setting]["GlobalSecondaryIndexes"]

    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}


def key_schema(*names: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": key_type}
        for name, key_type in zip(names, KEY_TYPES, strict=False)
    ]
