"""Which route a request is for, as API Gateway finds it."""

import re

from footfall.http.route import Route
from footfall.http.routes import ROUTES


def find_route(method: str, path: str) -> Route | None:
    """Return the route of a method and a path, which is still percent-encoded; None if none.

    A slash at the end is left out, as MiniStack does it and some clients of Klaviyo need it.
    """
    if path != "/":
        path = path.removesuffix("/")
    for pattern, route in _PATTERNS:
        if route.method == method and pattern.fullmatch(path):
            return route
    return None


def _pattern(route: Route) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path))


def _parameters(route: Route) -> int:
    return route.path.count("{")


# A literal path goes before one with a parameter in the same place.
_PATTERNS = [(_pattern(route), route) for route in sorted(ROUTES, key=_parameters)]
