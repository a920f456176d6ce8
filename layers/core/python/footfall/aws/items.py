"""DynamoDB items to and from plain mappings."""

import decimal
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from footfall.domain.values import JsonValue
from footfall.errors import PermanentError

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_SERIALIZER = TypeSerializer()
_DESERIALIZER = TypeDeserializer()


def to_item(attributes: Mapping[str, object]) -> "dict[str, AttributeValueTypeDef]":
    """Return the item of a mapping; attributes that are None are left out.

    Raises:
        PermanentError: a number does not fit DynamoDB's 38 digits, or a value has no place in it.
    """
    try:
        return {
            name: to_attribute(value) for name, value in attributes.items() if value is not None
        }
    except (TypeError, decimal.Inexact, decimal.Rounded, decimal.Overflow) as error:
        raise PermanentError(f"a value cannot be stored: {type(error).__name__}") from error


def to_attribute(value: object) -> "AttributeValueTypeDef":
    """Return the DynamoDB form of one value."""
    return _SERIALIZER.serialize(value)


def from_item(item: "Mapping[str, AttributeValueTypeDef]") -> dict[str, JsonValue]:
    """Return the mapping of an item; numbers are Decimals."""
    return {
        name: cast("JsonValue", _DESERIALIZER.deserialize(value)) for name, value in item.items()
    }
