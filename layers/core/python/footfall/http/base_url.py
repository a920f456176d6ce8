"""The URL that the API was called by, for the links in its answers."""

from footfall.http.requests import Request

_DEFAULT_HOST_OF_AWS = ".execute-api."
"""Under API Gateway's own host names, paths begin with the stage."""


def base_url(request: Request) -> str:
    """Return the URL that the paths of the routes follow, without a slash at its end.

    A front that serves the API under a name of its own says that name in X-Forwarded-Host.
    """
    headers = request.headers
    scheme = headers.get("x-forwarded-proto", "https").partition(",")[0].strip()
    host = headers.get("x-forwarded-host") or headers.get("host", "localhost")
    stage = f"/{request.stage}" if _DEFAULT_HOST_OF_AWS in host else ""
    return f"{scheme}://{host}{stage}"
