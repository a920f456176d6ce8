"""What differs between the stages."""

import pytest
from aws_cdk import App

from infra.config import read_config
from tests.infra.synthesis import SynthesisedStack, synthesise

KEPT_BY_PROD = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")


def test_prod_keeps_its_data_whatever_happens_to_the_stack(prod: SynthesisedStack) -> None:
    assert prod.stack.termination_protection
    for resource_type in KEPT_BY_PROD:
        for resource in prod.resources(resource_type).values():
            assert resource["DeletionPolicy"] == "Retain"
            assert resource["UpdateReplacePolicy"] == "Retain"
    assert all(table["DeletionProtectionEnabled"] for table in prod.properties(KEPT_BY_PROD[0]))


def test_dev_leaves_nothing_behind(dev: SynthesisedStack) -> None:
    assert not dev.stack.termination_protection
    for resource_type in KEPT_BY_PROD:
        for resource in dev.resources(resource_type).values():
            assert resource["DeletionPolicy"] == "Delete"
    assert not any(table["DeletionProtectionEnabled"] for table in dev.properties(KEPT_BY_PROD[0]))


def test_prod_is_warm_for_one_store_at_its_limit(
    prod: SynthesisedStack, dev: SynthesisedStack
) -> None:
    warm = {
        logical_id[: -len("XXXXXXXX")]: resource["Properties"]["WarmThroughput"]
        for logical_id, resource in prod.resources("AWS::DynamoDB::Table").items()
        if "WarmThroughput" in resource["Properties"]
    }

    assert set(warm) == {"TablesEvents", "TablesUniqueIds", "TablesSegmentStates"}
    assert all(units["WriteUnitsPerSecond"] >= 10_100 for units in warm.values())
    assert not any("WarmThroughput" in table for table in dev.properties("AWS::DynamoDB::Table"))


@pytest.mark.parametrize("stage", ["dev", "prod", "local"])
def test_every_table_is_on_demand_and_recoverable(
    stage: str, request: pytest.FixtureRequest
) -> None:
    stack: SynthesisedStack = request.getfixturevalue(stage)

    for table in stack.properties("AWS::DynamoDB::Table"):
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize(("stage", "days"), [("dev", 7), ("prod", 90), ("local", 1)])
def test_every_log_ends(stage: str, days: int, request: pytest.FixtureRequest) -> None:
    stack: SynthesisedStack = request.getfixturevalue(stage)

    log_groups = stack.properties("AWS::Logs::LogGroup")

    assert len(log_groups) == len(stack.functions()) + 1  # and the access log
    assert all(group["RetentionInDays"] == days for group in log_groups)


def test_a_custom_domain_serves_the_api_at_its_root(prod: SynthesisedStack) -> None:
    (domain,) = prod.properties("AWS::ApiGateway::DomainName")
    (mapping,) = prod.properties("AWS::ApiGateway::BasePathMapping")

    assert domain["DomainName"] == "events.example.com"
    assert domain["SecurityPolicy"] == "TLS_1_2"
    assert "BasePath" not in mapping
    assert "DomainTarget" in prod.template["Outputs"]


def test_there_is_no_domain_unless_asked_for(dev: SynthesisedStack) -> None:
    assert not dev.properties("AWS::ApiGateway::DomainName")
    assert "DomainTarget" not in dev.template["Outputs"]


@pytest.mark.parametrize(
    "context",
    [
        {"stage": "staging"},
        {"domainName": "events.example.com"},
        {"certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/example"},
        {"storedEvents": "yes"},
    ],
)
def test_a_context_that_makes_no_sense_is_refused(context: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"stage is one of|belong together|true or false"):
        read_config(App(context=context).node)


def test_the_stage_is_dev_unless_named() -> None:
    assert read_config(App().node).stage.name == "dev"


@pytest.mark.parametrize(
    ("chosen", "publishes"), [("true", True), (True, True), ("false", False), (False, False)]
)
def test_stored_events_are_published_if_the_context_says_so(
    chosen: str | bool,  # noqa: FBT001 - a value of the context
    publishes: bool,  # noqa: FBT001
) -> None:
    config = read_config(App(context={"storedEvents": chosen}).node)

    assert config.publishes_stored_events is publishes


def test_each_stage_has_a_bus_of_its_own(dev: SynthesisedStack, prod: SynthesisedStack) -> None:
    assert dev.properties("AWS::Events::EventBus") == [{"Name": "footfall-dev"}]
    assert prod.properties("AWS::Events::EventBus") == [{"Name": "footfall-prod"}]


def test_nothing_in_a_template_is_a_custom_resource(
    dev: SynthesisedStack, prod: SynthesisedStack
) -> None:
    for stack in (dev, prod):
        types = {resource["Type"] for resource in stack.template["Resources"].values()}
        assert not [name for name in types if name.startswith(("Custom::", "AWS::CloudForm"))]


def test_two_syntheses_are_the_same(dev: SynthesisedStack) -> None:
    assert synthesise("dev").template == dev.template
