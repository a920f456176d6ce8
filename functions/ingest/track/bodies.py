"""Bodies of Customer.io's Track API: JSON, or forms as its clients for Ruby and curl send them."""

from http import HTTPStatus

from footfall.contracts.forms import InvalidFormError, parse_form
from footfall.domain.values import JsonValue
from footfall.http.problems import ProblemError
from footfall.http.requests import JSON, Request, document_in, media_type_of, read_text_body

FORM = "application/x-www-form-urlencoded"
_UNSTATED = ""
_JSON_BEGINS = ("{", "[")
_NO_FORM = f"The body is JSON, and said to be a form. Send it with the header Content-Type: {JSON}."


def read_document(request: Request) -> JsonValue:
    """Return the document in the body; without a body, an empty one.

    Raises:
        ProblemError: for a body that cannot be read, as `read_json_body` says.
    """
    text = read_text_body(request, {JSON, FORM, _UNSTATED}).strip()
    if not text:
        return {}
    return _document_in_form(text) if media_type_of(request) == FORM else document_in(text)


def _document_in_form(text: str) -> JsonValue:
    # What `curl -d` sends unless told otherwise: a form whose one field is called like the
    # document. It would be taken, and nothing of it be where it belongs.
    if text.startswith(_JSON_BEGINS):
        raise ProblemError(HTTPStatus.BAD_REQUEST, _NO_FORM)
    try:
        return parse_form(text)
    except InvalidFormError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"{error}") from None
