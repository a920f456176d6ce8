"""What the clients of the Pipelines API send."""

from footfall.domain.values import JsonValue
from footfall.http.requests import JSON, Request, read_json_body

_MEDIA_TYPES = frozenset({JSON, "text/plain", ""})
"""Pages send JSON as plain text, as a browser then asks nobody for leave first (CORS)."""


def read_body(request: Request) -> JsonValue:
    """Return the JSON document in the body.

    Raises:
        ProblemError: as `read_json_body`.
    """
    return read_json_body(request, _MEDIA_TYPES)
