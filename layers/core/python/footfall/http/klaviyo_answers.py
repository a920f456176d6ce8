"""What Klaviyo's answers have in common: their media type, and the headers that clients read."""

import time
from collections.abc import Mapping
from http import HTTPStatus

from footfall.contracts.klaviyo_revisions import NEWEST, Revision, read_revision
from footfall.http.access import STORE_ID
from footfall.http.klaviyo_rates import rate_headers
from footfall.http.klaviyo_routes import RATES
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from footfall.http.route import Credential, Route

JSON_API = "application/vnd.api+json"
REVISION_HEADER = "revision"

_RATES = {(route.method, route.path): (route, rate) for route, rate in RATES.items()}


def revision_of(request: Request, route: Route) -> Revision:
    """Return the revision that a request asks for; only browsers may leave it out.

    Raises:
        ProblemError: 400 without one, or when it is none.
    """
    text = request.headers.get(REVISION_HEADER, "")
    if not text and route.credential is Credential.COMPANY_ID:
        return NEWEST
    revision = read_revision(text)
    if revision is None:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            f"Send the header `{REVISION_HEADER}`, a date such as 2026-07-15.",
        )
    return revision


def answer_headers(request: Request) -> Mapping[str, str]:
    """Return the revision as it was asked for, and the rate; this counts the request."""
    headers = {}
    revision = request.headers.get(REVISION_HEADER, "")
    if read_revision(revision) is not None:
        headers["X-Klaviyo-API-Revision"] = revision
    if (request.method, request.resource) in _RATES:
        route, rate = _RATES[request.method, request.resource]
        store_id = request.authorizer.get(STORE_ID, "")
        headers |= rate_headers((store_id, route), rate, time.time())
    return headers
