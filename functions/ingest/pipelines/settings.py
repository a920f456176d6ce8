"""What the browser SDK asks for before it begins: where to send, and as whom."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from ingest.key_in_body import WRITE_KEY

if TYPE_CHECKING:
    from footfall.domain.values import JsonValue

DESTINATION = "Customer.io Data Pipelines"
"""The name by which the SDK knows where its calls go."""

_MAX_SECONDS_TO_TRUST = 300
"""Private to the browser: a cache that many share could be made to send all of them elsewhere."""

_DEFAULT_HOST_OF_AWS = ".execute-api."


def browser_settings(request: Request) -> Response:
    """Return the settings with which the SDK sends everything to where it asked for them."""
    host = f"{_root(request)}/v1"
    destination: JsonValue = {
        "apiKey": request.path_parameters[WRITE_KEY],
        "apiHost": host,
        "protocol": request.headers.get("x-forwarded-proto", "https"),
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


def _root(request: Request) -> str:
    """Return the host, and the stage if paths begin with one, by which the API was called."""
    host = request.headers.get("x-forwarded-host") or request.headers.get("host", "")
    return f"{host}/{request.stage}" if _DEFAULT_HOST_OF_AWS in host else host
