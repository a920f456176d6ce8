"""The entry point: a bearer token in, a policy for one store out."""

from typing import TypedDict

from authorize.policy import Policy, policy_for
from footfall.aws.api_keys import KeyStatus, find_api_key
from footfall.domain.stores import key_hash

_SCHEME = "bearer "


class TokenEvent(TypedDict):
    """What API Gateway hands to a token authorizer."""

    authorizationToken: str
    methodArn: str


def handler(event: TokenEvent, _context: object) -> Policy:
    """Return what the key in the Authorization header may do.

    Raises:
        Exception: "Unauthorized", the word that API Gateway answers with 401.
    """
    token = event["authorizationToken"]
    if token[: len(_SCHEME)].lower() == _SCHEME:
        key = find_api_key(key_hash(token[len(_SCHEME) :].strip()))
        if key is not None and key.status is KeyStatus.ACTIVE:
            return policy_for(key, event["methodArn"])
    raise Exception("Unauthorized")  # noqa: TRY002 - the gateway knows it by this text
