"""The rules of cdk-nag hold, and what we accept from them is still needed."""

import json
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template
from aws_cdk.aws_sqs import Queue

from infra.checks import ACCEPTED_FINDINGS
from infra.config import read_config
from infra.stack import FootfallStack
from tests.infra.synthesis import SynthesisedStack


def reports(stack: SynthesisedStack) -> list[dict[str, Any]]:
    found = json.loads((stack.directory / "validation-report.json").read_text())["pluginReports"]
    assert {"AwsSolutions", "Serverless"} <= {report["pluginName"] for report in found}
    return list(found)


@pytest.mark.parametrize("stage", ["dev", "prod", "local"])
def test_every_stage_passes(stage: str, request: pytest.FixtureRequest) -> None:
    for report in reports(request.getfixturevalue(stage)):
        assert report["conclusion"] == "success"
        assert report["violations"] == []


def test_every_accepted_finding_is_still_found(prod: SynthesisedStack) -> None:
    found = {
        finding["acknowledgedId"]
        for report in reports(prod)
        for finding in report["suppressedViolations"]
    }

    assert ACCEPTED_FINDINGS.keys() <= found


def test_a_finding_that_nobody_accepted_fails_the_synthesis() -> None:
    app = App(context={"aws:cdk:bundling-stacks": []})
    stack = FootfallStack(app, "footfall-dev", config=read_config(app.node))
    Queue(stack, "Careless")

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        Template.from_stack(stack)
