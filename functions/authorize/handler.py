"""The entry point: what a request shows for itself in, a policy for one store out."""

from collections.abc import Mapping
from typing import TypedDict

from authorize.policy import Policy, policy_for
from footfall.aws.api_keys import KeyStatus, find_api_key
from footfall.aws.clients import dynamodb
from footfall.domain.stores import key_hash
from footfall.http.credentials import COMPANY_ID, key_in_company_id, key_in_token
from footfall.starting import finish_start

finish_start(dynamodb)


class AuthorizerEvent(TypedDict, total=False):
    """What API Gateway hands to an authorizer.

    Attributes:
        authorizationToken: the value of a token authorizer's header.
        queryStringParameters: the query, for a request authorizer; None if there is none.
    """

    methodArn: str
    authorizationToken: str
    queryStringParameters: Mapping[str, str] | None


def handler(event: AuthorizerEvent, _context: object) -> Policy:
    """Return what the API key of a request may do, wherever its family puts it.

    Raises:
        Exception: "Unauthorized", the word that API Gateway answers with 401.
    """
    api_key = _key(event)
    key = find_api_key(key_hash(api_key)) if api_key else None
    if key is None or key.status is not KeyStatus.ACTIVE:
        raise Exception("Unauthorized")  # noqa: TRY002 - the gateway knows it by this text
    return policy_for(key, event["methodArn"])


def _key(event: AuthorizerEvent) -> str | None:
    if "authorizationToken" in event:
        return key_in_token(event["authorizationToken"])
    return key_in_company_id((event.get("queryStringParameters") or {}).get(COMPANY_ID, ""))
