"""Where the clients of each family put the API key, and how it is read from there.

The authorizer and the front of the local cloud follow the same rules; both look the key up then.
"""

import base64
from collections.abc import Mapping

from footfall.domain.stores import is_api_key, is_public_key
from footfall.http.route import Credential

AUTHORIZATION = "Authorization"
YOTPO_TOKEN = "X-Yotpo-Token"  # noqa: S105  # the name of a header
COMPANY_ID = "company_id"
"""The header, the header and the query parameter of the credentials of these names."""

BEARER = "Bearer"
KLAVIYO = "Klaviyo-API-Key"
BASIC = "Basic"


def key_in_token(token: str) -> str | None:
    """Return the API key in the value of the header Authorization or X-Yotpo-Token.

    It follows `Bearer` or `Klaviyo-API-Key`, is part of what follows `Basic`, or is the whole
    value, which is how Yotpo's clients send it. None if nothing there looks like an API key.
    """
    scheme, _, credentials = token.partition(" ")
    credentials = credentials.strip()
    match scheme.lower():
        case "bearer" | "klaviyo-api-key":
            key = credentials
        case "basic":
            key = _key_in_basic(credentials)
        case _:
            key = token
    return key if is_api_key(key) else None


def key_in_company_id(company_id: str) -> str | None:
    """Return the API key in the query parameter company_id.

    None for a secret key as well: URLs are kept in logs, histories and Referer headers.
    """
    return company_id if is_api_key(company_id) and is_public_key(company_id) else None


def find_key(
    credential: Credential, headers: Mapping[str, str], query: Mapping[str, str]
) -> str | None:
    """Return the API key of a request to a route with this credential.

    Args:
        credential: where the route wants it.
        headers: by lower-case name.
        query: the query parameters, decoded.
    """
    match credential:
        case Credential.AUTHORIZATION:
            return key_in_token(headers.get(AUTHORIZATION.lower(), ""))
        case Credential.YOTPO_TOKEN:
            return key_in_token(headers.get(YOTPO_TOKEN.lower(), ""))
        case Credential.COMPANY_ID:
            return key_in_company_id(query.get(COMPANY_ID, ""))
        case Credential.BODY:
            return None


def _key_in_basic(credentials: str) -> str:
    """Return the password, or the user name where the password is left empty.

    Customer.io's Track clients send `site_id:key`, its Pipelines clients `key:`.
    """
    try:
        decoded = base64.b64decode(credentials, validate=True).decode()
    except ValueError:  # neither base64 nor UTF-8
        return ""
    user, _, password = decoded.partition(":")
    return password or user
