"""Reading a document by its pydantic schema, and pydantic's errors as faults in plain words."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from footfall.contracts.properties import NOT_AN_OBJECT, Steps
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError, json_pointer
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonValue

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Read = TypeVar("Read")

_MAX_POINTER_CHARACTERS = 500
"""All faults of a request have to fit an answer of 6 MB, and an escaped character takes 7 bytes."""

_DETAILS = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field here.",
    "model_type": NOT_AN_OBJECT,
    "dict_type": NOT_AN_OBJECT,
    "list_type": "Must be an array.",
    "bool_type": "Must be true or false.",
    "string_type": "Must be a string.",
    "string_unicode": "Must be text that UTF-8 can express.",
    "string_too_short": "Must not be empty.",
    "string_too_long": "Must have at most {max_length} characters.",
    "too_short": "Must not be empty.",
    "too_long": "Must have at most {max_length} elements.",
    "fault": "{detail}",
}


def read_document(
    validate: Callable[..., Read],
    document: JsonValue,
    *,
    now: datetime | None = None,
    **circumstances: object,
) -> Read:
    """Return the document as what it has to be.

    Args:
        validate: of a model, or of the adapter of a typed dictionary.
        document: what came in.
        now: needed by the fields that are compared with the present.
        circumstances: what else fields depend on; they find it in the context by its name.

    Raises:
        FaultyDocumentError: with every fault, in the order of the fields.
    """
    circumstances["now"] = now
    try:
        return validate(document, context=circumstances)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    raise FaultyDocumentError([_fault(error) for error in errors[:MAX_LISTED_FAULTS]])


def _fault(error: "ErrorDetails") -> Fault:
    detail = _DETAILS[error["type"]].format(**error.get("ctx", {}))
    return Fault(json_pointer(*_readable(error["loc"])), detail)


def _readable(steps: Steps) -> Iterator[str | int]:
    """Yield the steps up to the first that is too long to be read, or to be sent back."""
    characters = 0
    for step in steps:
        characters += len(str(step))
        if len(str(step)) > MAX_NAME_CHARACTERS or characters > _MAX_POINTER_CHARACTERS:
            return
        yield step
