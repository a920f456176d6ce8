"""What an API key may do, in the form that API Gateway asks of an authorizer."""

import re
from collections.abc import Sequence
from typing import TypedDict

from footfall.aws.api_keys import ApiKey
from footfall.domain.stores import PUBLIC_SCOPES, usage_key
from footfall.http.access import SCOPES, STORE_ID
from footfall.http.route import Credential
from footfall.http.routes import ROUTES

_AUTHORIZED_ROUTES = [route for route in ROUTES if route.credential is not Credential.BODY]
_STORE_PARAMETER = f"{{{STORE_ID}}}"


class Statement(TypedDict):
    """One permission."""

    Action: str
    Effect: str
    Resource: Sequence[str]


class PolicyDocument(TypedDict):
    """An IAM policy."""

    Version: str
    Statement: Sequence[Statement]


class Policy(TypedDict):
    """The answer of an authorizer; `usageIdentifierKey` is whose share the request counts to."""

    principalId: str
    policyDocument: PolicyDocument
    context: dict[str, str]
    usageIdentifierKey: str


def policy_for(key: ApiKey, method_arn: str) -> Policy:
    """Return the policy of a key: every route that opens its own store, and nothing else.

    API Gateway remembers the answer by the key, whichever route asked first, so it must not depend
    on the route. A secret key may knock everywhere in its store: the functions check the scope of
    theirs, and say which one is missing. A public key is known to everyone who reads the page it
    stands in: it does not even get as far as a function that is not for it.

    Args:
        key: the key of the caller.
        method_arn: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`.
    """
    api, stage, *_ = method_arn.split("/")
    places = _places_to_write_events(key.store_id) if key.is_public else _places(key.store_id)
    return {
        "principalId": key.store_id,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": [f"{api}/{stage}/{place}" for place in sorted(places)],
                }
            ],
        },
        "context": {STORE_ID: key.store_id, SCOPES: " ".join(sorted(key.scopes))},
        "usageIdentifierKey": usage_key(key.store_id),
    }


def _places(store_id: str) -> set[str]:
    """Return `<method>/<path>` of everything below the roots of the API that are the store's.

    A family without stores in its paths has one root for all stores. The method is named, as a `*`
    in a policy stands for any number of path segments: `*/api/*` would open the path `/api/...` at
    the end of another store's path, too.
    """
    return {f"{route.method}{_root(route.path, store_id)}/*" for route in _AUTHORIZED_ROUTES}


def _places_to_write_events(store_id: str) -> set[str]:
    """Return `<method>/<path>` of each route that a public key is for.

    Every parameter is a `*`. So is the end: whether the gateway asks for the path with or without
    a slash that a client has put there is not documented.
    """
    return {
        re.sub(r"{\w+}", "*", f"{route.method}{_in_store(route.path, store_id)}").rstrip("*") + "*"
        for route in _AUTHORIZED_ROUTES
        if route.scope in PUBLIC_SCOPES
    }


def _root(path: str, store_id: str) -> str:
    before, is_of_store, _ = path.partition(_STORE_PARAMETER)
    return f"{before}{store_id}" if is_of_store else f"/{path.split('/')[1]}"


def _in_store(path: str, store_id: str) -> str:
    return path.replace(_STORE_PARAMETER, store_id)
