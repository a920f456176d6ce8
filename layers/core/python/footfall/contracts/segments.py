"""The contract of segments: what the body of a PUT must be, and of all that holds a definition."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, SkipValidation

from footfall.contracts.closed import Closed
from footfall.contracts.reading import read_document
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonValue
from footfall.segments.definitions import Node
from footfall.segments.reading import read_definition

Model = TypeVar("Model", bound=BaseModel)

DEFINITION = "definition"


class SegmentRequest(Closed):
    """A segment, new or changed."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]
    definition: SkipValidation[Node] = Field(description="One node of the segment language.")


def read_segment(document: JsonValue) -> tuple[str, Node]:
    """Return the name and the definition that the body of a PUT holds.

    Raises:
        FaultyDocumentError: with every fault of both.
    """
    request, definition = read_with_definition(SegmentRequest, document)
    return request.name, definition


def read_with_definition(model: type[Model], document: JsonValue) -> tuple[Model, Node]:
    """Return a document as its model, which leaves the definition in it alone, and the definition.

    Raises:
        FaultyDocumentError: with every fault of both.
    """
    faults: list[Fault] = []
    request, definition = None, None
    try:
        request = read_document(model.model_validate, document)
    except FaultyDocumentError as error:
        faults.extend(error.faults)
    if isinstance(document, Mapping) and DEFINITION in document:
        try:
            definition = read_definition(document[DEFINITION])
        except FaultyDocumentError as error:
            faults.extend(faults_of_definition(error))
    if request is None or definition is None:
        raise FaultyDocumentError(faults[:MAX_LISTED_FAULTS])
    return request, definition


def faults_of_definition(error: FaultyDocumentError) -> list[Fault]:
    """Return the faults of a definition with their places in the body."""
    return [Fault(f"/{DEFINITION}{fault.pointer}", fault.detail) for fault in error.faults]
