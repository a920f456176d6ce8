"""The REST API: its routes, who may call them, and how often."""

import json
from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk.aws_apigateway import (
    AccessLogFormat,
    ApiKeySourceType,
    AuthorizationType,
    DomainNameOptions,
    EndpointType,
    LambdaIntegration,
    LogGroupLogDestination,
    Method,
    RestApi,
    SecurityPolicy,
    StageOptions,
    ThrottleSettings,
    ThrottlingPerMethod,
    TokenAuthorizer,
    UsagePlan,
    UsagePlanPerApiStage,
)
from aws_cdk.aws_certificatemanager import Certificate
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from footfall.domain.stores import KEY_PREFIX
from footfall.http.route import Route
from footfall.http.routes import ROUTES
from infra.config import Config, CustomDomain
from infra.gateway_responses import add_gateway_responses

_BEARER_KEY = f"^[Bb][Ee][Aa][Rr][Ee][Rr] +{KEY_PREFIX}[A-Za-z0-9_-]{{43}}$"
"""What looks like an API key; the gateway answers 401 to everything else, without a function."""

_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "storeId": "$context.authorizer.storeId",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "error": "$context.error.responseType",
    "latency": "$context.responseLatency",
    "functionLatency": "$context.integrationLatency",
    "sourceIp": "$context.identity.sourceIp",
}
"""No headers, and the route in place of the path: a path can name a customer."""


class Api(Construct):
    """The API with its authorizer, its access log and the one usage plan of all stores."""

    def __init__(
        self,
        scope: Construct,
        *,
        config: Config,
        authorizer: IFunction,
        functions: Mapping[str, IFunction],
    ) -> None:
        super().__init__(scope, "Api")
        stage = config.stage
        access_log = LogGroup(
            self,
            "AccessLog",
            retention=stage.log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.rest_api = RestApi(
            self,
            "RestApi",
            rest_api_name=f"footfall-{stage.name}",
            endpoint_types=[EndpointType.REGIONAL],
            # Requests count against the key that the authorizer names, one per store.
            api_key_source_type=ApiKeySourceType.AUTHORIZER,
            # The access log needs it. It belongs to the account, so it outlives the stack.
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=RemovalPolicy.RETAIN,
            deploy_options=StageOptions(
                stage_name=stage.name,
                access_log_destination=LogGroupLogDestination(access_log),
                access_log_format=AccessLogFormat.custom(json.dumps(_ACCESS_LOG)),
            ),
            domain_name=self._domain(config.custom_domain),
        )
        self.rest_api.node.try_remove_child("Endpoint")  # the stack has its own outputs
        add_gateway_responses(self.rest_api)
        domain = self.rest_api.domain_name
        self.url = f"https://{domain.domain_name}/" if domain else self.rest_api.url
        self.domain_target = domain.domain_name_alias_domain_name if domain else None
        self._authorizer = TokenAuthorizer(
            self,
            "Authorizer",
            handler=authorizer,
            validation_regex=_BEARER_KEY,
            results_cache_ttl=stage.authorizer_cache,
        )
        throttles = [
            ThrottlingPerMethod(
                method=self._method(route, functions[route.function]),
                throttle=ThrottleSettings(
                    rate_limit=route.requests_per_second, burst_limit=route.requests_per_second
                ),
            )
            for route in ROUTES
        ]
        # No throttle of the plan as a whole: a store's single and bulk requests do not compete.
        self.usage_plan = UsagePlan(
            self,
            "Stores",
            name=f"footfall-{stage.name}",
            description="Every store's requests per second, per method",
            api_stages=[
                UsagePlanPerApiStage(
                    api=self.rest_api,
                    stage=self.rest_api.deployment_stage,
                    throttle=throttles,
                )
            ],
        )

    def _method(self, route: Route, function: IFunction) -> Method:
        return self.rest_api.root.resource_for_path(route.path).add_method(
            route.method,
            LambdaIntegration(function, allow_test_invoke=False),
            api_key_required=True,
            authorization_type=AuthorizationType.CUSTOM,
            authorizer=self._authorizer,
        )

    def _domain(self, domain: CustomDomain | None) -> DomainNameOptions | None:
        if domain is None:
            return None
        return DomainNameOptions(
            domain_name=domain.name,
            certificate=Certificate.from_certificate_arn(
                self, "Certificate", domain.certificate_arn
            ),
            endpoint_type=EndpointType.REGIONAL,
            security_policy=SecurityPolicy.TLS_1_2,
        )
