"""The region of an account, by which clients of Customer.io learn where to send."""

import hashlib
from http import HTTPStatus

from footfall.http.base_url import base_url
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from ingest.reception import Reception

_REGION = "us"
_MAX_ENVIRONMENT_ID = 2**31


def region(reception: Reception, request: Request) -> Response:
    """Return that the only region there is lies where the request was sent to."""
    return json_response(
        HTTPStatus.OK,
        {
            "url": base_url(request),
            "region": _REGION,
            "environment_id": _environment_id(reception.store_id),
        },
    )


def _environment_id(store_id: str) -> int:
    """Return a number that stands for the store: Customer.io's workspaces have numbers as ids."""
    digest = hashlib.sha256(store_id.encode()).digest()
    return int.from_bytes(digest[:4], "big") % _MAX_ENVIRONMENT_ID
