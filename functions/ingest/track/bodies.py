"""Bodies of Customer.io's Track API: JSON, or forms as its clients for Ruby and curl send them."""

from http import HTTPStatus

from footfall.contracts.forms import InvalidFormError, parse_form
from footfall.domain.values import JsonValue
from footfall.http.problems import ProblemError
from footfall.http.requests import JSON, Request, media_type_of, read_json_body, read_text_body

FORM = "application/x-www-form-urlencoded"
_UNSTATED = ""


def read_document(request: Request) -> JsonValue:
    """Return the document in the body; without a body, an empty one.

    Raises:
        ProblemError: for a body that cannot be read, as `read_json_body` says.
    """
    text = read_text_body(request, {JSON, FORM, _UNSTATED})
    if not text.strip():
        return {}
    if media_type_of(request) != FORM:
        return read_json_body(request, {JSON, _UNSTATED})
    try:
        return parse_form(text)
    except InvalidFormError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"{error}") from None
