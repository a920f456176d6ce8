"""What an API key may do, in the form that API Gateway asks of an authorizer."""

from collections.abc import Sequence
from typing import TypedDict

from footfall.aws.api_keys import ApiKey
from footfall.domain.stores import usage_key
from footfall.http.access import SCOPES, STORE_ID


class Statement(TypedDict):
    """One permission."""

    Action: str
    Effect: str
    Resource: str


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
    """Return the policy of a key: every route of its own store, and nothing else.

    API Gateway remembers the answer by the token, whichever route asked first, so it must not
    depend on the route; the functions check the scope of theirs.

    Args:
        key: the key of the caller.
        method_arn: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`.
    """
    api, stage, *_ = method_arn.split("/")
    return {
        "principalId": key.store_id,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": f"{api}/{stage}/*/stores/{key.store_id}/*",
                }
            ],
        },
        "context": {STORE_ID: key.store_id, SCOPES: " ".join(sorted(key.scopes))},
        "usageIdentifierKey": usage_key(key.store_id),
    }
