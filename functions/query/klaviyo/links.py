"""The links of answers: to resources, to the answer itself, and to the page after it."""

from urllib.parse import quote, urlencode

from footfall.domain.values import JsonObject
from footfall.http.base_url import base_url
from footfall.http.requests import Request


def resource_url(request: Request, collection: str, resource_id: str) -> str:
    """Return the URL of a resource, such as a profile in `profiles`."""
    return f"{base_url(request)}/api/{collection}/{quote(resource_id, safe='')}"


def list_links(request: Request, next_cursor: str | None) -> JsonObject:
    """Return the links of a list; there is none back, as pages are walked forwards."""
    own = {name: value for name, value in request.query.items() if name != "page[cursor]"}
    return {
        "self": _list_url(request, dict(request.query)),
        "next": None
        if next_cursor is None
        else _list_url(request, own | {"page[cursor]": next_cursor}),
        "prev": None,
    }


def _list_url(request: Request, query: dict[str, str]) -> str:
    url = f"{base_url(request)}{request.resource}"
    return f"{url}?{urlencode(query)}" if query else url
