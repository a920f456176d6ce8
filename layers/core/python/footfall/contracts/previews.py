"""The contract of previews: a definition, and the customers that it is tried on."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import ConfigDict, Field, SkipValidation
from pydantic.alias_generators import to_camel

from footfall.contracts.closed import Closed
from footfall.contracts.fields import Name
from footfall.contracts.segments import read_with_definition
from footfall.domain.values import JsonValue
from footfall.segments.definitions import Node

MAX_PREVIEWED_CUSTOMERS = 100


class PreviewRequest(Closed):
    """A definition to try."""

    model_config = ConfigDict(alias_generator=to_camel)

    definition: SkipValidation[Node] = Field(description="One node of the segment language.")
    customer_ids: Annotated[list[Name], Field(min_length=1, max_length=MAX_PREVIEWED_CUSTOMERS)] = (
        Field(description="By Footfall's id, or by the one sent in `customer.id`.")
    )


def read_preview(document: JsonValue) -> tuple[Node, Sequence[str]]:
    """Return the definition and the ids that the body of a preview holds.

    Raises:
        FaultyDocumentError: with every fault of both.
    """
    request, definition = read_with_definition(PreviewRequest, document)
    return definition, request.customer_ids
