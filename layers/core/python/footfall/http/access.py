"""Access: whose store a request may touch, and with which scope."""

from collections.abc import Collection
from http import HTTPStatus

from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from footfall.http.route import Route

STORE_ID = "storeId"
SCOPES = "scopes"
"""The names under which the authorizer passes on the store and the scopes (space-separated)."""


def authorized_store(request: Request, route: Route) -> str:
    """Return the store of the caller's key, the only one that the request may touch.

    Raises:
        ProblemError: 403 when the path names another store, or the key lacks the route's scope.
    """
    store_id = request.authorizer.get(STORE_ID)
    if not store_id or request.path_parameters.get(STORE_ID, store_id) != store_id:
        raise ProblemError(HTTPStatus.FORBIDDEN, "The API key belongs to another store.")
    if route.scope not in scopes_of(request):
        raise ProblemError(HTTPStatus.FORBIDDEN, f"The API key lacks the scope {route.scope}.")
    return store_id


def scopes_of(request: Request) -> Collection[str]:
    """Return what the caller's key may do; where no authorizer was asked, nothing."""
    return request.authorizer.get(SCOPES, "").split()
