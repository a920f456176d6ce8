"""What the front must know of the deployed API: read from the deployment, written nowhere twice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import boto3

from local.settings import STACK_NAME, Settings
from local.throttle import Limit


class Refusal(StrEnum):
    """What API Gateway itself says to a request, where MiniStack says nothing."""

    THROTTLED = "THROTTLED"
    TOO_LARGE = "REQUEST_TOO_LARGE"
    NO_ANSWER = "INTEGRATION_FAILURE"


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """An answer of the gateway's own, as the stack words it; `$context.path` is the path."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """A deployed stage of the API.

    Attributes:
        url: where MiniStack executes it.
        limits: the usage plan, by route: `/stores/{storeId}/events/POST`.
        refusals: what it says by itself.
    """

    url: str
    limits: Mapping[str, Limit]
    refusals: Mapping[Refusal, GatewayResponse]


def read_gateway(settings: Settings, outputs: Mapping[str, str]) -> Gateway:
    """Return the stage that the stack's outputs name."""
    api, stage = outputs["ApiId"], outputs["ApiStage"]
    return Gateway(
        url=f"{settings.endpoint}/_aws/execute-api/{api}/{stage}",
        limits=_read_limits(),
        refusals={refusal: _read_refusal(api, refusal) for refusal in Refusal},
    )


def _read_limits() -> dict[str, Limit]:
    """Read the usage plan from the deployed template.

    MiniStack keeps the limits of a plan as CloudFormation spells them. Its API leaves them out of
    the plan for that reason, and its gateway does not throttle by them.
    """
    answer = boto3.client("cloudformation").get_template(StackName=STACK_NAME)
    # A dict for boto3, which decodes it, and text for its types.
    resources: dict[str, dict[str, Any]] = json.loads(json.dumps(answer["TemplateBody"]))[
        "Resources"
    ]
    return {
        route: Limit(rate=limit["RateLimit"], burst=limit["BurstLimit"])
        for resource in resources.values()
        if resource["Type"] == "AWS::ApiGateway::UsagePlan"
        for stage in resource["Properties"]["ApiStages"]
        for route, limit in stage["Throttle"].items()
    }


def _read_refusal(api: str, refusal: Refusal) -> GatewayResponse:
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
