"""Properties: which type a value has, and which values count as unset."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from footfall.domain.timestamps import parse_timestamp
from footfall.domain.values import JsonValue

_Value = TypeVar("_Value", bound=JsonValue)


class PropertyType(StrEnum):
    """The types a property is seen with."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"
    OBJECT = "object"


def property_type(value: JsonValue) -> PropertyType:
    """Return the type of a value that is set; a string that is an RFC 3339 timestamp is a date."""
    match value:
        case bool():
            return PropertyType.BOOLEAN
        case int() | Decimal():
            return PropertyType.NUMBER
        case str():
            return PropertyType.DATE if parse_timestamp(value) else PropertyType.STRING
        case Mapping():
            return PropertyType.OBJECT
        case _:
            return PropertyType.LIST


def is_unset(value: JsonValue) -> bool:
    """Tell whether a top-level value counts as unset: null, "" or 0, but not false (Redo)."""
    return value is None or (value in ("", 0) and not isinstance(value, bool))


def without_unset(properties: Mapping[str, _Value]) -> dict[str, _Value]:
    """Return the properties that are set."""
    if all(properties.values()):  # none is even false, and most often that is so
        return dict(properties)
    return {name: value for name, value in properties.items() if value or not is_unset(value)}
