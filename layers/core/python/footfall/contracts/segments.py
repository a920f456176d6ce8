"""The contract of segments: what the body of a PUT must be."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from footfall.contracts.reading import read_document
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonValue
from footfall.segments.definitions import Node
from footfall.segments.reading import read_definition

DEFINITION = "definition"


class SegmentRequest(BaseModel):
    """A segment, new or changed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]
    definition: SkipValidation[Node] = Field(description="One node of the segment language.")


def read_segment(document: JsonValue) -> tuple[str, Node]:
    """Return the name and the definition that the body of a PUT holds.

    Raises:
        FaultyDocumentError: with every fault of both.
    """
    faults: list[Fault] = []
    name, definition = "", None
    try:
        name = read_document(SegmentRequest, document).name
    except FaultyDocumentError as error:
        faults.extend(error.faults)
    if isinstance(document, Mapping) and DEFINITION in document:
        try:
            definition = read_definition(document[DEFINITION])
        except FaultyDocumentError as error:
            faults.extend(faults_of_definition(error))
    if definition is None or faults:
        raise FaultyDocumentError(faults[:MAX_LISTED_FAULTS])
    return name, definition


def faults_of_definition(error: FaultyDocumentError) -> list[Fault]:
    """Return the faults of a definition with their places in the body."""
    return [Fault(f"/{DEFINITION}{fault.pointer}", fault.detail) for fault in error.faults]
