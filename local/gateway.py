"""What the front must know of the deployed API: read from the deployment, written nowhere twice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import boto3

from local.settings import STACK_NAME, Settings
from local.throttle import Limit

_Resources: TypeAlias = "dict[str, dict[str, Any]]"


class Refusal(StrEnum):
    """What API Gateway itself says to a request, where MiniStack says nothing."""

    THROTTLED = "THROTTLED"
    TOO_LARGE = "REQUEST_TOO_LARGE"
    NOT_PACKED = "UNSUPPORTED_MEDIA_TYPE"
    NO_ANSWER = "INTEGRATION_FAILURE"


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """An answer of the gateway's own, as the stack words it; the front fills in `$context`."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """A deployed stage of the API.

    Attributes:
        url: where MiniStack executes it.
        limits: the usage plan, by route: `/stores/{storeId}/events/POST`.
        stage_limits: what all stores together may do on the routes that no plan counts.
        refusals: what it says by itself.
    """

    url: str
    limits: Mapping[str, Limit]
    stage_limits: Mapping[str, Limit]
    refusals: Mapping[Refusal, GatewayResponse]


def read_gateway(settings: Settings, outputs: Mapping[str, str]) -> Gateway:
    """Return the stage that the stack's outputs name."""
    api, stage = outputs["ApiId"], outputs["ApiStage"]
    resources = _read_resources()
    return Gateway(
        url=f"{settings.endpoint}/_aws/execute-api/{api}/{stage}",
        limits=_plan_limits(resources),
        stage_limits=_stage_limits(resources),
        refusals={refusal: read_refusal(api, refusal) for refusal in Refusal},
    )


def _read_resources() -> _Resources:
    """Read the deployed template.

    MiniStack keeps limits as CloudFormation spells them. Its API leaves those of a plan out for
    that reason, and its gateway throttles neither by them nor by those of a method of the stage.
    """
    answer = boto3.client("cloudformation").get_template(StackName=STACK_NAME)
    # A dict for boto3, which decodes it, and text for its types.
    resources: _Resources = json.loads(json.dumps(answer["TemplateBody"]))["Resources"]
    return resources


def _plan_limits(resources: _Resources) -> dict[str, Limit]:
    return {
        route: Limit(rate=limit["RateLimit"], burst=limit["BurstLimit"])
        for plan in _of_type(resources, "AWS::ApiGateway::UsagePlan")
        for stage in plan["ApiStages"]
        for route, limit in stage["Throttle"].items()
    }


def _stage_limits(resources: _Resources) -> dict[str, Limit]:
    return {
        _route_of(setting): Limit(
            rate=setting["ThrottlingRateLimit"], burst=setting["ThrottlingBurstLimit"]
        )
        for stage in _of_type(resources, "AWS::ApiGateway::Stage")
        for setting in stage["MethodSettings"]
    }


def _route_of(setting: Mapping[str, Any]) -> str:
    path: str = setting["ResourcePath"]  # `/~1v1~1t` for `/v1/t`
    return f"{path.removeprefix('/').replace('~1', '/')}/{setting['HttpMethod']}"


def _of_type(resources: _Resources, resource_type: str) -> list[dict[str, Any]]:
    return [
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == resource_type
    ]


def read_refusal(api: str, refusal: Refusal) -> GatewayResponse:
    """Return what a deployed API says by itself; boto3 must reach its cloud."""
    response = boto3.client("apigateway").get_gateway_response(
        restApiId=api, responseType=refusal.value
    )
    return GatewayResponse(
        status=int(response["statusCode"]),
        headers={
            name.removeprefix("gatewayresponse.header."): value.strip("'")
            for name, value in response["responseParameters"].items()
        },
        body=response["responseTemplates"]["application/json"],
    )
