"""The templates of the stages, synthesised once; no code is packed, so that no wheel is fetched."""

import os
import sys
from pathlib import Path

import pytest

# Before anything imports aws_cdk: its engine runs on the pinned Node, not on one it may find.
os.environ["JSII_NODE"] = str(Path(sys.executable).parent / "node")

from tests.infra.synthesis import SynthesisedStack, synthesise


@pytest.fixture(scope="session")
def dev() -> SynthesisedStack:
    return synthesise("dev")


@pytest.fixture(scope="session")
def prod() -> SynthesisedStack:
    return synthesise(
        "prod",
        domainName="events.example.com",
        certificateArn="arn:aws:acm:us-east-1:123456789012:certificate/example",
        alarmEmail="operators@example.com",
        storedEvents="true",
    )


@pytest.fixture(scope="session")
def local() -> SynthesisedStack:
    return synthesise("local")
