"""The authorizers: one for each place where clients put an API key, and one function behind all.

An authorizer belongs to a header or a query parameter, as it asks the gateway to remember answers
by the key that stands there.
"""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk.aws_apigateway import IAuthorizer, IdentitySource, RequestAuthorizer, TokenAuthorizer
from aws_cdk.aws_lambda import IFunction
from constructs import Construct

from footfall.domain.stores import API_KEY_PATTERN
from footfall.http.credentials import (
    AUTHORIZATION,
    BASIC,
    BEARER,
    COMPANY_ID,
    KLAVIYO,
    YOTPO_TOKEN,
)
from footfall.http.route import Credential

_LEAST_BASIC = 71
"""Base64 characters of the shortest key and a colon; padding comes on top."""

_MOST_BASIC = 512
"""Leaves more than 300 characters for the user name before a key."""


def add_authorizers(
    scope: Construct, *, function: IFunction, remembered_for: Duration
) -> Mapping[Credential, IAuthorizer]:
    """Add the authorizer of every credential that API Gateway can see, asking the function.

    What does not look like a key is refused by the gateway alone, without the function. A query
    parameter takes an authorizer that knows no pattern; there the function looks.
    """
    return {
        Credential.AUTHORIZATION: TokenAuthorizer(
            scope,
            "Authorizer",
            handler=function,
            identity_source=IdentitySource.header(AUTHORIZATION),
            validation_regex=_authorization_pattern(),
            results_cache_ttl=remembered_for,
        ),
        Credential.YOTPO_TOKEN: TokenAuthorizer(
            scope,
            "YotpoAuthorizer",
            handler=function,
            identity_source=IdentitySource.header(YOTPO_TOKEN),
            validation_regex=f"^{API_KEY_PATTERN}$",
            results_cache_ttl=remembered_for,
        ),
        Credential.COMPANY_ID: RequestAuthorizer(
            scope,
            "CompanyAuthorizer",
            handler=function,
            identity_sources=[IdentitySource.query_string(COMPANY_ID)],
            results_cache_ttl=remembered_for,
        ),
    }


def _authorization_pattern() -> str:
    key = f"({_in_any_case(BEARER)}|{_in_any_case(KLAVIYO)}) +{API_KEY_PATTERN}"
    basic = f"{_in_any_case(BASIC)} +[A-Za-z0-9+/]{{{_LEAST_BASIC},{_MOST_BASIC}}}={{0,2}}"
    return f"^({key}|{basic})$"


def _in_any_case(word: str) -> str:
    """Return a pattern without flags: which ones API Gateway understands is not documented."""
    return "".join(
        f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else letter for letter in word
    )
