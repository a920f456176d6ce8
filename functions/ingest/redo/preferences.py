"""What the headers of a request ask of ingest."""

import re
from http import HTTPStatus

from footfall.http.problems import ProblemError
from footfall.http.requests import Request

REPRESENTATION = "return=representation"

_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}")


def idempotency_key(request: Request) -> str | None:
    """Return the caller's name for the request, by which a retry is known.

    Raises:
        ProblemError: 400 when it is not 1 to 200 visible ASCII characters.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and _IDEMPOTENCY_KEY.fullmatch(key) is None:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "The header Idempotency-Key must have 1 to 200 visible ASCII characters.",
        )
    return key


def wants_representation(request: Request) -> bool:
    """Tell whether the caller prefers to be told each event's fate (RFC 7240)."""
    preferences = request.headers.get("prefer", "").lower().replace('"', "").split(",")
    return any(
        preference.partition(";")[0].replace(" ", "") == REPRESENTATION
        for preference in preferences
    )
