"""What API Gateway answers by itself: one body that the clients of every family can read.

The gateway has one answer for each kind of failure, whatever the route. So it is an RFC 7807
problem, as the routes of Redo's contract answer, and holds beside that what other clients look for.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus

from aws_cdk.aws_apigateway import ResponseType, RestApi

from footfall.http.problems import PROBLEM_MEDIA_TYPE
from footfall.http.refusals import KLAVIYO_CODES


@dataclass(frozen=True, slots=True)
class GatewayProblem:
    """One answer of the gateway: retry says that the same request may succeed a second later."""

    status: int
    title: str
    detail: str
    retry: bool = False


_UNAUTHORIZED = 401
_NO_ROUTE = GatewayProblem(404, "Not Found", "There is no such route.")
_TRY_AGAIN = GatewayProblem(
    503, "Service Unavailable", "The request could not be served. Send it again.", retry=True
)

GATEWAY_PROBLEMS = {
    ResponseType.UNAUTHORIZED: GatewayProblem(
        _UNAUTHORIZED,
        "Unauthorized",
        "Send a valid API key where this API expects it, such as 'Authorization: Bearer <key>'.",
    ),
    ResponseType.ACCESS_DENIED: GatewayProblem(
        403,
        "Forbidden",
        "The API key belongs to another store, or it is a public key, which can only send events.",
    ),
    ResponseType.INVALID_API_KEY: GatewayProblem(
        403, "Forbidden", "The store has no place in the usage plan."
    ),
    ResponseType.WAF_FILTERED: GatewayProblem(
        403, "Forbidden", "A rule of the web ACL keeps the request out."
    ),
    # No route is signed the AWS way: whatever the gateway says about tokens and signatures is its
    # answer to a path or method that it does not know.
    ResponseType.MISSING_AUTHENTICATION_TOKEN: _NO_ROUTE,
    ResponseType.INVALID_SIGNATURE: _NO_ROUTE,
    ResponseType.RESOURCE_NOT_FOUND: _NO_ROUTE,
    ResponseType.REQUEST_TOO_LARGE: GatewayProblem(
        413, "Content Too Large", "The request body is too large."
    ),
    ResponseType.UNSUPPORTED_MEDIA_TYPE: GatewayProblem(
        415,
        "Unsupported Media Type",
        "Send the body as it is, or packed as the header 'Content-Encoding: gzip' says.",
    ),
    ResponseType.THROTTLED: GatewayProblem(
        429, "Too Many Requests", "The store's requests per second are used up.", retry=True
    ),
    ResponseType.QUOTA_EXCEEDED: GatewayProblem(
        429, "Too Many Requests", "The store's quota is used up.", retry=True
    ),
    ResponseType.DEFAULT_4_XX: GatewayProblem(
        400, "Bad Request", "The gateway cannot read the request."
    ),
    ResponseType.AUTHORIZER_FAILURE: _TRY_AGAIN,
    ResponseType.AUTHORIZER_CONFIGURATION_ERROR: _TRY_AGAIN,
    ResponseType.INTEGRATION_FAILURE: _TRY_AGAIN,
    ResponseType.INTEGRATION_TIMEOUT: _TRY_AGAIN,
    ResponseType.DEFAULT_5_XX: GatewayProblem(
        500, "Internal Server Error", "The request failed for a reason of ours."
    ),
}


def add_gateway_responses(api: RestApi) -> None:
    """Give every answer of the gateway its problem, and `Retry-After` where a retry can help."""
    for response_type, problem in GATEWAY_PROBLEMS.items():
        api.add_gateway_response(
            response_type.response_type,
            type=response_type,
            status_code=str(problem.status),
            response_headers={
                "Content-Type": f"'{PROBLEM_MEDIA_TYPE}'",
                # A page learns why its call has failed, or does not learn of an answer at all:
                # Customer.io's client for browsers takes every answer that it may read for success,
                # and sends again only what it takes for a failure of the network.
                **(
                    {"Retry-After": "'1'"}
                    if problem.retry
                    else {"Access-Control-Allow-Origin": "'*'"}
                ),
                **({"WWW-Authenticate": "'Bearer'"} if problem.status == _UNAUTHORIZED else {}),
            },
            templates={"application/json": _body(problem)},
        )


def _body(problem: GatewayProblem) -> str:
    """Return the template of a body; `$context` is filled in by the gateway.

    What the clients look for, as measured with them: Klaviyo's Python client takes `errors` for
    errors only if each has id, code, title and detail. Customer.io's Node client shows
    `meta.error`. Its Pipelines client for Python sends a batch again, up to ten times, unless the
    answer has `code` and `message`. Its Track API's second version and Yotpo name a `message` in
    each of the `errors`.
    """
    code = KLAVIYO_CODES.get(HTTPStatus(problem.status), "error")
    said = {"title": problem.title, "status": problem.status, "detail": problem.detail}
    return json.dumps(
        {
            "type": "about:blank",
            **said,
            "instance": "$context.path",
            "code": code,
            "message": problem.detail,
            "meta": {"error": problem.detail},
            "errors": [
                {
                    "id": "$context.requestId",
                    "code": code,
                    **said,
                    "message": problem.detail,
                    "reason": code,
                    "field": "",
                    "source": {"pointer": "/data"},
                    "links": {},
                    "meta": {},
                }
            ],
        }
    )
