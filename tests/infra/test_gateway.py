"""The API Gateway in front: every route authorised and throttled, every refusal a problem."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest

from footfall.http.route import Credential
from footfall.http.routes import CREATE_EVENT, OWN_ROUTES, ROUTES
from tests.infra.synthesis import SynthesisedStack
from tests.openapi_answers import assert_described, described_statuses

AUTHORIZERS = {
    Credential.AUTHORIZATION: ("TOKEN", "method.request.header.Authorization"),
    Credential.YOTPO_TOKEN: ("TOKEN", "method.request.header.X-Yotpo-Token"),
    Credential.COMPANY_ID: ("REQUEST", "method.request.querystring.company_id"),
}
"""Type and identity source of the authorizer of each credential that the gateway can see."""

CREDENTIAL_IN_BODY = {
    *(("POST", f"/v1/{call}") for call in "itpsgabm"),
    ("GET", "/v1/projects/{writeKey}/settings"),
    ("POST", "/core/v3/stores/{storeId}/access_tokens"),
}
"""The routes that the gateway leaves open: whoever adds one has to say so here as well."""

MAX_RESOURCES_OF_A_STACK = 500
MAX_RESOURCES_OF_AN_API = 300
MAX_AUTHORIZERS_OF_AN_API = 10


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def test_the_routes_are_deployed_and_no_other(dev: SynthesisedStack) -> None:
    preflights = {("OPTIONS", route.path) for route in ROUTES if route.is_for_browsers}
    assert deployed_routes(dev).keys() == preflights | {
        (route.method, route.path) for route in ROUTES
    }


def test_a_route_is_authorised_by_what_its_clients_show(dev: SynthesisedStack) -> None:
    methods = deployed_routes(dev)
    for route in ROUTES:
        if (route.method, route.path) in CREDENTIAL_IN_BODY:
            continue
        method = methods[route.method, route.path]
        authorizer = dev.template["Resources"][method["AuthorizerId"]["Ref"]]["Properties"]
        assert method["AuthorizationType"] == "CUSTOM"
        assert method["ApiKeyRequired"] is True
        assert AUTHORIZERS[route.credential] == (authorizer["Type"], authorizer["IdentitySource"])


def test_no_other_route_is_open(dev: SynthesisedStack) -> None:
    methods = deployed_routes(dev)
    is_open = {place for place, method in methods.items() if "AuthorizerId" not in method}
    assert {place for place in is_open if place[0] != "OPTIONS"} == CREDENTIAL_IN_BODY
    for place in is_open:
        assert methods[place]["AuthorizationType"] == "NONE"
        assert methods[place]["ApiKeyRequired"] is False


def test_one_function_stands_behind_all_authorizers(dev: SynthesisedStack) -> None:
    authorizers = dev.properties("AWS::ApiGateway::Authorizer")
    assert len(authorizers) == len(AUTHORIZERS) <= MAX_AUTHORIZERS_OF_AN_API
    assert len({json.dumps(authorizer["AuthorizerUri"]) for authorizer in authorizers}) == 1
    assert '"Authorize' in json.dumps(authorizers[0]["AuthorizerUri"])


def test_the_stack_stays_within_the_limits(prod: SynthesisedStack) -> None:
    assert len(prod.template["Resources"]) < MAX_RESOURCES_OF_A_STACK
    assert len(prod.resources("AWS::ApiGateway::Resource")) < MAX_RESOURCES_OF_AN_API


def test_a_function_lets_the_api_invoke_it_once_for_all_routes(dev: SynthesisedStack) -> None:
    permissions = dev.resources("AWS::Lambda::Permission")
    of_the_api = [logical_id for logical_id in permissions if "ApiPermission" in logical_id]
    assert len(of_the_api) == len({route.function for route in ROUTES})


def test_a_page_of_any_origin_may_ask(dev: SynthesisedStack) -> None:
    for (name, path), method in deployed_routes(dev).items():
        if name != "OPTIONS":
            continue
        assert method["Integration"]["Type"] == "MOCK"
        (answer,) = method["Integration"]["IntegrationResponses"]
        headers = {
            header.removeprefix("method.response.header."): value.strip("'")
            for header, value in answer["ResponseParameters"].items()
        }
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert {"content-type", "authorization", "revision"} <= set(
            headers["Access-Control-Allow-Headers"].split(",")
        )
        assert set(headers["Access-Control-Allow-Methods"].split(",")) == {
            route.method for route in ROUTES if route.path == path
        }


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
            "BurstLimit": route.burst or route.requests_per_second,
        }
        for route in ROUTES
        if (route.method, route.path) not in CREDENTIAL_IN_BODY
    }


def test_the_stage_throttles_what_no_usage_plan_can_count(dev: SynthesisedStack) -> None:
    (stage,) = dev.properties("AWS::ApiGateway::Stage")
    limits = {
        (setting["HttpMethod"], setting["ResourcePath"].removeprefix("/").replace("~1", "/")): (
            setting["ThrottlingRateLimit"],
            setting["ThrottlingBurstLimit"],
        )
        for setting in stage["MethodSettings"]
    }
    assert limits == {
        (route.method, route.path): (
            route.requests_per_second,
            route.burst or route.requests_per_second,
        )
        for route in ROUTES
        if (route.method, route.path) in CREDENTIAL_IN_BODY
    }


@pytest.mark.parametrize(("stage", "seconds"), [("dev", 60), ("prod", 60), ("local", 2)])
def test_a_revoked_key_is_soon_forgotten(
    stage: str, seconds: int, request: pytest.FixtureRequest
) -> None:
    stack: SynthesisedStack = request.getfixturevalue(stage)
    for authorizer in stack.properties("AWS::ApiGateway::Authorizer"):
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
        (f"footfall_{'A' * 43}", False),
        (f"Bearer footfall_public_{'A' * 43}", True),
        (f"Klaviyo-API-Key footfall_{'A' * 43}", True),
        (f"klaviyo-api-key footfall_public_{'A' * 43}", True),
        (f"Klaviyo-API-Key pk_{'A' * 43}", False),
        (f"Klaviyo_API_Key footfall_{'A' * 43}", False),
        (basic(f"footfall_{'A' * 43}", ""), True),
        (basic(f"footfall_public_{'A' * 43}", ""), True),
        (basic("a site id", f"footfall_{'A' * 43}"), True),
        (basic("site", "key"), False),
        (basic("x" * 400, f"footfall_{'A' * 43}"), False),
        (f"Bearer {basic('site', 'footfall_' + 'A' * 43)}", False),
        ("", False),
    ],
)
def test_only_what_looks_like_a_key_reaches_the_authorizer(
    dev: SynthesisedStack, header: str, *, passes: bool
) -> None:
    pattern = authorizer_of(dev, Credential.AUTHORIZATION)["IdentityValidationExpression"]
    assert bool(re.match(pattern, header)) is passes


@pytest.mark.parametrize(
    ("header", "passes"),
    [
        (f"footfall_{'A' * 43}", True),
        (f"footfall_public_{'A' * 43}", True),
        (f"footfall_{'A' * 42}", False),
        (f"Bearer footfall_{'A' * 43}", False),
        ("", False),
    ],
)
def test_only_a_key_by_itself_is_a_token_of_yotpo(
    dev: SynthesisedStack, header: str, *, passes: bool
) -> None:
    pattern = authorizer_of(dev, Credential.YOTPO_TOKEN)["IdentityValidationExpression"]
    assert bool(re.match(pattern, header)) is passes


@pytest.mark.parametrize(
    ("response_type", "status"),
    [
        ("UNAUTHORIZED", 401),
        ("ACCESS_DENIED", 403),
        ("INVALID_API_KEY", 403),
        ("WAF_FILTERED", 403),
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


def test_whatever_the_gateway_answers_satisfies_every_client(dev: SynthesisedStack) -> None:
    for response in gateway_responses(dev).values():
        document = json.loads(response["ResponseTemplates"]["application/json"])
        # Klaviyo's Python client makes errors of it if it finds all of these.
        (error,) = document["errors"]
        assert all(error[member] for member in ("id", "code", "title", "detail"))
        assert error["id"] == "$context.requestId"
        assert error["status"] == int(response["StatusCode"])
        assert error["source"]["pointer"].startswith("/")
        # Customer.io's Node client shows this, its Pipelines client sends again without those.
        assert document["meta"] == {"error": document["detail"]}
        assert document["code"]
        assert document["message"] == document["detail"]
        # Customer.io's Track API, version 2, and Yotpo.
        assert error["message"] == document["detail"]


def test_whatever_the_gateway_answers_is_described(dev: SynthesisedStack) -> None:
    for response in gateway_responses(dev).values():
        status = response["StatusCode"]
        body = response["ResponseTemplates"]["application/json"]
        for route in OWN_ROUTES:
            if status in described_statuses(route):
                headers = {"Content-Type": "application/problem+json"}
                assert_described(
                    route, {"statusCode": int(status), "headers": headers, "body": body}
                )
    assert {"401", "403", "429", "503"} <= described_statuses(CREATE_EVENT)


def test_a_page_may_read_what_the_gateway_answers_for_good(dev: SynthesisedStack) -> None:
    for response in gateway_responses(dev).values():
        origin = response["ResponseParameters"].get(
            "gatewayresponse.header.Access-Control-Allow-Origin"
        )
        # Customer.io's client for browsers sends again only what it may not read.
        assert origin == (None if response["StatusCode"] in {"429", "503"} else "'*'")


def test_only_429_and_503_ask_for_a_retry(dev: SynthesisedStack) -> None:
    for response in gateway_responses(dev).values():
        retry_after = response["ResponseParameters"].get("gatewayresponse.header.Retry-After")
        retried = response["StatusCode"] in {"429", "503"}
        assert (retry_after == "'1'") is retried
        assert (retry_after is None) is not retried


def test_no_log_of_the_gateway_holds_customer_data(dev: SynthesisedStack) -> None:
    (stage,) = dev.properties("AWS::ApiGateway::Stage")
    access_log = json.loads(stage["AccessLogSetting"]["Format"])

    for setting in stage["MethodSettings"]:  # execution logs are off unless asked for
        assert "LoggingLevel" not in setting
        assert setting["DataTraceEnabled"] is False
    for variable in access_log.values():
        assert variable.startswith("$context.")
        assert variable not in {"$context.path", "$context.requestOverride"}
        assert "header" not in variable.lower()


def deployed_routes(stack: SynthesisedStack) -> dict[tuple[str, str], Any]:
    return {
        (method["HttpMethod"], path_of(stack, method["ResourceId"]["Ref"])): method
        for method in stack.properties("AWS::ApiGateway::Method")
    }


def authorizer_of(stack: SynthesisedStack, credential: Credential) -> Mapping[str, Any]:
    (authorizer,) = [
        authorizer
        for authorizer in stack.properties("AWS::ApiGateway::Authorizer")
        if authorizer["IdentitySource"] == AUTHORIZERS[credential][1]
    ]
    return authorizer


def path_of(stack: SynthesisedStack, logical_id: str) -> str:
    resource = stack.resources("AWS::ApiGateway::Resource")[logical_id]["Properties"]
    parent = resource["ParentId"].get("Ref")
    return (path_of(stack, parent) if parent else "") + "/" + str(resource["PathPart"])


def gateway_responses(stack: SynthesisedStack) -> dict[str, Any]:
    return {
        response["ResponseType"]: response
        for response in stack.properties("AWS::ApiGateway::GatewayResponse")
    }
