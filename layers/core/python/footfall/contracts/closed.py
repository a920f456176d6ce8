"""Objects that refuse the fields they do not know, and name each as far as faults are listed.

A body has room for half a million fields: a process that made a fault of each had no memory left.
"""

from collections.abc import Iterable
from itertools import islice

from pydantic import BaseModel, ConfigDict, model_validator

from footfall.domain.faults import MAX_LISTED_FAULTS
from footfall.domain.values import JsonValue


class Closed(BaseModel):
    """An object without other fields than its own."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_not_listed(cls, document: JsonValue) -> JsonValue:
        fields = cls.model_fields.items()
        return listed_part(document, (field.alias or name for name, field in fields))


def listed_part(document: JsonValue, own: Iterable[str]) -> JsonValue:
    """Return an object with its own fields, and as many others as are listed."""
    if not isinstance(document, dict) or len(document) <= MAX_LISTED_FAULTS:
        return document
    own_members = {name: document[name] for name in own if name in document}
    first = dict(islice(document.items(), MAX_LISTED_FAULTS + len(own_members)))
    return first | own_members
