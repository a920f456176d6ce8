"""Pages of lists: what asks for one, and the token of the next.

Footfall's own lists page by headers: X-Page-Size and X-Page-Continue in the request, X-Page-Next
in the answer.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from footfall.http.problems import ProblemError
from footfall.http.requests import Request

PAGE_SIZE_HEADER = "X-Page-Size"
PAGE_CONTINUE_HEADER = "X-Page-Continue"
PAGE_NEXT_HEADER = "X-Page-Next"
DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 500

_MAX_PLACE_BYTES = 1_024
"""What a sort key of DynamoDB has at most; it refuses to compare with more."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page that a request asks for.

    Attributes:
        after: the sort key after which the page begins, or None for the first page. It comes from
            the caller: use it as a bound within the caller's own partition, never as a whole key.
    """

    size: int
    after: str | None


def requested_page(request: Request) -> Page:
    """Return the page that the headers ask for.

    Raises:
        ProblemError: 400 for a size that is not 1 to 500, or a token that is none.
    """
    return Page(_page_size(request), _page_after(request))


def next_page_headers(next_after: str | None) -> Mapping[str, str]:
    """Return the header that leads to the page after this sort key, or none after the last page."""
    return {} if next_after is None else {PAGE_NEXT_HEADER: page_token(next_after)}


def page_token(place: str) -> str:
    """Return the token of the page that begins after this place."""
    return base64.urlsafe_b64encode(place.encode()).rstrip(b"=").decode()


def place_of_token(token: str) -> str | None:
    """Return the place that a token names, or None when it names none."""
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        place = content.decode()
    except ValueError:
        return None
    return place if 0 < len(content) <= _MAX_PLACE_BYTES else None


def page_size_of(text: str, most: int) -> int | None:
    """Return the size that a text asks for, or None when it is no whole number from 1 to `most`."""
    text = text.strip()
    well_formed = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if well_formed and 1 <= int(text) <= most else None


def not_a_page() -> ProblemError:
    """Return the problem of a token that leads to no page."""
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        f"The header {PAGE_CONTINUE_HEADER} must be the {PAGE_NEXT_HEADER} of the page before.",
    )


def _page_size(request: Request) -> int:
    text = request.headers.get(PAGE_SIZE_HEADER.lower(), str(DEFAULT_PAGE_SIZE))
    size = page_size_of(text, MAX_PAGE_SIZE)
    if size is None:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            f"The header {PAGE_SIZE_HEADER} must be a whole number from 1 to {MAX_PAGE_SIZE}.",
        )
    return size


def _page_after(request: Request) -> str | None:
    token = request.headers.get(PAGE_CONTINUE_HEADER.lower())
    if token is None:
        return None
    place = place_of_token(token)
    if place is None:
        raise not_a_page()
    return place
