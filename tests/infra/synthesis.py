"""A synthesised stack, and how a test finds its way in the template."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from footfall.http.routes import ROUTES
from infra.config import read_config
from infra.stack import FootfallStack

ROOT = Path(__file__).parent.parent.parent
BEHIND_THE_API = {route.function for route in ROUTES}
BEHIND_STREAMS = {"catalogue", "segment", "publish"}
BEHIND_QUEUES = {"process", "due", "backfill"}
FUNCTIONS = sorted(
    {"authorize", "sweep"} | BEHIND_THE_API | BEHIND_STREAMS | BEHIND_QUEUES,
)

Resource = Mapping[str, Any]
"""A resource as CloudFormation describes it: its type decides its shape."""


@dataclass(frozen=True)
class SynthesisedStack:
    """The template of one stage, and the directory with its assets and reports."""

    stack: Stack
    template: Mapping[str, Any]
    directory: Path

    def resources(self, resource_type: str) -> dict[str, Resource]:
        """Return the resources of a type by logical id."""
        return {
            logical_id: resource
            for logical_id, resource in self.template["Resources"].items()
            if resource["Type"] == resource_type
        }

    def properties(self, resource_type: str) -> list[Mapping[str, Any]]:
        """Return the properties of the resources of a type."""
        return [resource["Properties"] for resource in self.resources(resource_type).values()]

    def functions(self) -> dict[str, Mapping[str, Any]]:
        """Return the properties of the functions by folder name."""
        return {
            properties["Handler"].split(".")[0]: properties
            for properties in self.properties("AWS::Lambda::Function")
        }

    def asset(self, location: Mapping[str, str]) -> Path:
        """Return the directory that becomes the zip file at a location in S3."""
        return self.directory / f"asset.{location['S3Key'].removesuffix('.zip')}"

    def permissions(self, function: str) -> set[tuple[str, str]]:
        """Return what a function may do, as pairs of action and resource."""
        role, _attribute = self.functions()[function]["Role"]["Fn::GetAtt"]
        policies = [
            policy
            for policy in self.properties("AWS::IAM::Policy")
            if {"Ref": role} in policy["Roles"]
        ]
        return {
            (action, resource)
            for policy in policies
            for statement in policy["PolicyDocument"]["Statement"]
            for action in map(str, _listed(statement["Action"]))
            for resource in map(_readable, _listed(statement["Resource"]))
        }


def synthesise(stage: str, *, packs: bool = False, **context: str) -> SynthesisedStack:
    """Synthesise the stack as `cdk deploy -c stage=...` does; it packs code only when asked to."""
    settings = json.loads((ROOT / "cdk.json").read_text())["context"]
    packing: dict[str, list[str]] = {} if packs else {"aws:cdk:bundling-stacks": []}
    app = App(context=settings | packing | {"stage": stage} | context)
    stack = FootfallStack(app, f"footfall-{stage}", config=read_config(app.node))
    return SynthesisedStack(stack, Template.from_stack(stack).to_json(), Path(app.outdir))


def _listed(value: object) -> Iterator[object]:
    yield from value if isinstance(value, list) else [value]


def _readable(resource: object) -> str:
    """Return a resource of a policy as `logicalId`, `logicalId.StreamArn` or `logicalId/path`.

    The hash at the end of a logical id is left out.
    """
    match resource:
        case str(text):
            return text
        case {"Fn::GetAtt": [str(logical_id), "Arn"]}:
            return logical_id[:-8]
        case {"Fn::GetAtt": [str(logical_id), str(attribute)]}:
            return f"{logical_id[:-8]}.{attribute}"
        case {"Fn::Join": ["", [inner, str(rest)]]}:
            return _readable(inner) + rest
        case _:
            raise AssertionError(resource)
