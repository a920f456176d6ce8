"""Whose request it is, where the key stands where API Gateway cannot see it: in body or path."""

from collections.abc import Mapping
from http import HTTPStatus

from footfall.aws.api_keys import KeyStatus
from footfall.aws.key_cache import known_api_key
from footfall.domain.stores import KEY_PREFIX, Scope, is_public_key
from footfall.domain.values import JsonValue
from footfall.http.access import STORE_ID, authorized_store
from footfall.http.credentials import AUTHORIZATION, key_in_token
from footfall.http.customerio_routes import BROWSER_METRICS
from footfall.http.problems import ProblemError
from footfall.http.requests import Request, read_json_body
from footfall.http.route import Credential, Family, Route
from ingest.pipelines.bodies import read_body

WRITE_KEY = "writeKey"
SECRET = "secret"  # noqa: S105  # where one stands in Yotpo's calls, not one

_NOBODY = ""
_MISPLACED = (
    "This API key is a secret: it must not stand in a page. Create a public one, and revoke this."
)
_UNKNOWN = "There is no such API key."


def find_store(request: Request, route: Route) -> str:
    """Return the store that a request on a route may touch.

    Raises:
        ProblemError: 401 when the key is unknown, revoked or misplaced, 403 when it opens another
            store or lacks the route's scope.
    """
    if route.credential is not Credential.BODY:
        return authorized_store(request, route)
    if route == BROWSER_METRICS:  # no client puts a key into them, and nothing is kept of them
        return _NOBODY
    store_id = _store_of_caller(request, route)
    if request.path_parameters.get(STORE_ID, store_id) != store_id:
        raise ProblemError(HTTPStatus.FORBIDDEN, "The API key belongs to another store.")
    return store_id


def store_of_key(api_key: str, scope: Scope, *, must_be_public: bool) -> str:
    """Return the store that a key opens.

    Args:
        api_key: whatever stands where the key has to stand.
        scope: what the request needs.
        must_be_public: it stands where everybody can read it.

    Raises:
        ProblemError: 401 when it opens nothing, or is a secret in public; 403 without the scope.
    """
    if must_be_public and api_key.startswith(KEY_PREFIX) and not is_public_key(api_key):
        raise ProblemError(HTTPStatus.UNAUTHORIZED, _MISPLACED)
    key = known_api_key(api_key)
    if key is None or key.status is not KeyStatus.ACTIVE:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, _UNKNOWN)
    if scope not in key.scopes:
        raise ProblemError(HTTPStatus.FORBIDDEN, f"The API key lacks the scope {scope}.")
    return key.store_id


def _store_of_caller(request: Request, route: Route) -> str:
    if route.family is Family.YOTPO:
        secret = _text_at(SECRET, read_json_body(request))
        return store_of_key(secret, route.scope, must_be_public=False)
    if key := key_in_token(request.headers.get(AUTHORIZATION.lower(), "")):  # from a server
        return store_of_key(key, route.scope, must_be_public=False)
    write_key = request.path_parameters.get(WRITE_KEY) or _text_at(WRITE_KEY, read_body(request))
    return store_of_key(write_key, route.scope, must_be_public=True)


def _text_at(name: str, document: JsonValue) -> str:
    value = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(value, str) or not value:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, f"The API key must stand in `{name}`.")
    return value
