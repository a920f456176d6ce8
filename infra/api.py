"""The REST API: its routes, who may call them, and how often."""

import json
from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_apigateway import (
    AccessLogFormat,
    ApiKeySourceType,
    AuthorizationType,
    Cors,
    DomainNameOptions,
    EndpointType,
    LambdaIntegration,
    LogGroupLogDestination,
    Method,
    MethodDeploymentOptions,
    Resource,
    RestApi,
    SecurityPolicy,
    StageOptions,
    ThrottleSettings,
    ThrottlingPerMethod,
    UsagePlan,
    UsagePlanPerApiStage,
)
from aws_cdk.aws_certificatemanager import Certificate
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from footfall.http.route import Credential, Route
from footfall.http.routes import ROUTES
from infra.authorizers import add_authorizers
from infra.checks import accept_open_method
from infra.config import Config, CustomDomain
from infra.gateway_responses import add_gateway_responses

_HEADERS_OF_PAGES = ["content-type", "authorization", "revision"]
"""What the browser clients of Klaviyo and Customer.io send beyond what any page may send."""

_PAGES_REMEMBER = Duration.hours(2)
"""How long a browser need not ask again; Chromium takes no more than that."""

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
    """The API with its authorizers, its access log and the one usage plan of all stores."""

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
                method_options=_limits_of_open_routes(),
            ),
            domain_name=self._domain(config.custom_domain),
        )
        self.rest_api.node.try_remove_child("Endpoint")  # the stack has its own outputs
        add_gateway_responses(self.rest_api)
        domain = self.rest_api.domain_name
        self.url = f"https://{domain.domain_name}/" if domain else self.rest_api.url
        self.domain_target = domain.domain_name_alias_domain_name if domain else None
        self._authorizers = add_authorizers(
            self, function=authorizer, remembered_for=stage.authorizer_cache
        )
        methods = {route: self._method(route, functions[route.function]) for route in ROUTES}
        self._let_pages_call()
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
                    throttle=[
                        ThrottlingPerMethod(
                            method=method,
                            throttle=ThrottleSettings(
                                rate_limit=route.requests_per_second, burst_limit=_burst(route)
                            ),
                        )
                        for route, method in methods.items()
                        if route.credential in self._authorizers
                    ],
                )
            ],
        )

    def _method(self, route: Route, function: IFunction) -> Method:
        authorizer = self._authorizers.get(route.credential)
        method = self._resource(route.path).add_method(
            route.method,
            # One permission to invoke a function for all methods: one for each would not fit into
            # the 20 KB of a function's resource policy.
            LambdaIntegration(function, scope_permission_to_method=False),
            api_key_required=authorizer is not None,
            authorization_type=(AuthorizationType.CUSTOM if authorizer else AuthorizationType.NONE),
            authorizer=authorizer,
        )
        if authorizer is None:
            accept_open_method(method)
        return method

    def _let_pages_call(self) -> None:
        """Answer the question of browsers whether a page of another origin may call a route."""
        methods: dict[str, list[str]] = {}
        for route in ROUTES:
            if route.is_for_browsers:
                methods.setdefault(route.path, []).append(route.method)
        for path, allowed in methods.items():
            self._resource(path).add_cors_preflight(
                allow_origins=Cors.ALL_ORIGINS,
                allow_methods=allowed,
                allow_headers=_HEADERS_OF_PAGES,
                max_age=_PAGES_REMEMBER,
            )

    def _resource(self, path: str) -> Resource:
        return self.rest_api.root.resource_for_path(path)

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


def _burst(route: Route) -> int:
    return route.burst or route.requests_per_second


def _limits_of_open_routes() -> dict[str, MethodDeploymentOptions]:
    """Return a limit for each route whose key no authorizer sees, shared by all stores.

    A usage plan counts by the key that an authorizer names. Without a limit of the stage, such a
    route would take all that the account may serve in a second.
    """
    return {
        f"{route.path}/{route.method}": MethodDeploymentOptions(
            throttling_rate_limit=route.requests_per_second, throttling_burst_limit=_burst(route)
        )
        for route in ROUTES
        if route.credential is Credential.BODY
    }
