"""What the browser SDK asks for before it begins: where to send, and as whom."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from footfall.http.base_url import base_url
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from ingest.key_in_body import WRITE_KEY

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

DESTINATION = "Customer.io Data Pipelines"
"""The name by which the SDK knows where its calls go."""

_MAX_SECONDS_TO_TRUST = 300
"""Private to the browser: a cache that many share could be made to send all of them elsewhere."""


def browser_settings(request: Request) -> Response:
    """Return the settings with which the SDK sends everything to where it asked for them."""
    protocol, _, root = base_url(request).partition("://")
    host = f"{root}/v1"
    destination: JsonValue = {
        "apiKey": request.path_parameters[WRITE_KEY],
        "apiHost": host,
        "protocol": protocol,
        "addBundledMetadata": False,
    }
    return json_response(
        HTTPStatus.OK,
        {
            "integrations": {DESTINATION: destination},
            # Without this, the SDK reports how it does to Customer.io.
            "metrics": {"host": host, "sampleRate": 0},
        },
        {"Cache-Control": f"private, max-age={_MAX_SECONDS_TO_TRUST}"},
    )
