"""Problems as the API writes them."""

from collections.abc import Mapping, Sequence

import httpx

from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject, JsonValue


def problem(
    status: int, detail: str, errors: Sequence[JsonObject] = (), headers: Mapping[str, str] = {}
) -> httpx.Response:
    """Return a problem as the API writes them."""
    document: dict[str, JsonValue] = {"title": "Problem", "detail": detail}
    if errors:
        document["errors"] = errors
    return httpx.Response(status, text=dump_json(document), headers=headers)
