"""The API Gateway in front: every route authorised and throttled, every refusal a problem."""

import json
import re
from http import HTTPStatus
from typing import Any

import pytest

from footfall.http.routes import ROUTES
from tests.infra.synthesis import SynthesisedStack


def test_the_routes_are_deployed_and_no_other(dev: SynthesisedStack) -> None:
    assert deployed_routes(dev).keys() == {(route.method, route.path) for route in ROUTES}


def test_no_route_is_open(dev: SynthesisedStack) -> None:
    (authorizer,) = dev.resources("AWS::ApiGateway::Authorizer")
    for method in deployed_routes(dev).values():
        assert method["AuthorizationType"] == "CUSTOM"
        assert method["AuthorizerId"] == {"Ref": authorizer}
        assert method["ApiKeyRequired"] is True


def test_a_store_is_throttled_by_the_key_that_the_authorizer_names(dev: SynthesisedStack) -> None:
    (api,) = dev.properties("AWS::ApiGateway::RestApi")
    assert api["ApiKeySourceType"] == "AUTHORIZER"
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}


def test_the_usage_plan_throttles_each_route_by_itself(dev: SynthesisedStack) -> None:
    (plan,) = dev.properties("AWS::ApiGateway::UsagePlan")
    (stage,) = plan["ApiStages"]

    assert "Throttle" not in plan
    assert "Quota" not in plan
    assert stage["Throttle"] == {
        f"{route.path}/{route.method}": {
            "RateLimit": route.requests_per_second,
            "BurstLimit": route.requests_per_second,
        }
        for route in ROUTES
    }


@pytest.mark.parametrize(("stage", "seconds"), [("dev", 60), ("prod", 60), ("local", 2)])
def test_a_revoked_key_is_soon_forgotten(
    stage: str, seconds: int, request: pytest.FixtureRequest
) -> None:
    stack: SynthesisedStack = request.getfixturevalue(stage)
    (authorizer,) = stack.properties("AWS::ApiGateway::Authorizer")

    assert authorizer["Type"] == "TOKEN"
    assert authorizer["IdentitySource"] == "method.request.header.Authorization"
    assert authorizer["AuthorizerResultTtlInSeconds"] == seconds


@pytest.mark.parametrize(
    ("header", "passes"),
    [
        (f"Bearer footfall_{'A-_9z' * 8}abc", True),
        (f"bearer footfall_{'A' * 43}", True),
        (f"Bearer footfall_{'A' * 42}", False),
        (f"Bearer {'A' * 43}", False),
        (f"Basic footfall_{'A' * 43}", False),
        (f"Bearer footfall_{'A' * 42}\n", False),
        ("", False),
    ],
)
def test_only_what_looks_like_a_key_reaches_the_authorizer(
    dev: SynthesisedStack, header: str, *, passes: bool
) -> None:
    (authorizer,) = dev.properties("AWS::ApiGateway::Authorizer")

    assert bool(re.match(authorizer["IdentityValidationExpression"], header)) is passes


@pytest.mark.parametrize(
    ("response_type", "status"),
    [
        ("UNAUTHORIZED", 401),
        ("ACCESS_DENIED", 403),
        ("INVALID_API_KEY", 403),
        ("MISSING_AUTHENTICATION_TOKEN", 404),
        ("REQUEST_TOO_LARGE", 413),
        ("UNSUPPORTED_MEDIA_TYPE", 415),
        ("THROTTLED", 429),
        ("QUOTA_EXCEEDED", 429),
        ("AUTHORIZER_FAILURE", 503),
        ("AUTHORIZER_CONFIGURATION_ERROR", 503),
        ("INTEGRATION_FAILURE", 503),
        ("INTEGRATION_TIMEOUT", 503),
    ],
)
def test_the_gateway_answers_with_the_status_of_the_contract(
    dev: SynthesisedStack, response_type: str, status: int
) -> None:
    assert gateway_responses(dev)[response_type]["StatusCode"] == str(status)


def test_whatever_the_gateway_answers_is_a_problem(dev: SynthesisedStack) -> None:
    responses = gateway_responses(dev)

    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= responses.keys()
    for response in responses.values():
        status = int(response["StatusCode"])
        problem = json.loads(response["ResponseTemplates"]["application/json"])
        assert response["ResponseParameters"]["gatewayresponse.header.Content-Type"] == (
            "'application/problem+json'"
        )
        assert problem["type"] == "about:blank"
        assert problem["status"] == status
        assert problem["title"] in {HTTPStatus(status).phrase, "Content Too Large"}
        assert problem["detail"]
        assert problem["instance"] == "$context.path"


def test_only_429_and_503_ask_for_a_retry(dev: SynthesisedStack) -> None:
    for response in gateway_responses(dev).values():
        retry_after = response["ResponseParameters"].get("gatewayresponse.header.Retry-After")
        retried = response["StatusCode"] in {"429", "503"}
        assert (retry_after == "'1'") is retried
        assert (retry_after is None) is not retried


def test_no_log_of_the_gateway_holds_customer_data(dev: SynthesisedStack) -> None:
    (stage,) = dev.properties("AWS::ApiGateway::Stage")
    access_log = json.loads(stage["AccessLogSetting"]["Format"])

    assert "MethodSettings" not in stage  # execution logs are off unless asked for
    for variable in access_log.values():
        assert variable.startswith("$context.")
        assert variable not in {"$context.path", "$context.requestOverride"}
        assert "header" not in variable.lower()


def deployed_routes(stack: SynthesisedStack) -> dict[tuple[str, str], Any]:
    return {
        (method["HttpMethod"], path_of(stack, method["ResourceId"]["Ref"])): method
        for method in stack.properties("AWS::ApiGateway::Method")
    }


def path_of(stack: SynthesisedStack, logical_id: str) -> str:
    resource = stack.resources("AWS::ApiGateway::Resource")[logical_id]["Properties"]
    parent = resource["ParentId"].get("Ref")
    return (path_of(stack, parent) if parent else "") + "/" + str(resource["PathPart"])


def gateway_responses(stack: SynthesisedStack) -> dict[str, Any]:
    return {
        response["ResponseType"]: response
        for response in stack.properties("AWS::ApiGateway::GatewayResponse")
    }
