"""DynamoDB items to and from plain mappings."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, cast

from boto3.dynamodb.types import TypeSerializer

from footfall.domain.limits import MAX_NUMBER_DIGITS, MAX_NUMBER_EXPONENT, MIN_NUMBER_EXPONENT
from footfall.domain.timestamps import parse_timestamp
from footfall.domain.values import JsonValue
from footfall.errors import PermanentError

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_SERIALIZER = TypeSerializer()
_EXACT = Context(prec=MAX_NUMBER_EXPONENT - MIN_NUMBER_EXPONENT)


def to_item(attributes: Mapping[str, object]) -> "dict[str, AttributeValueTypeDef]":
    """Return the item of a mapping; attributes that are None are left out.

    Raises:
        PermanentError: a number does not fit DynamoDB's 38 digits, or a value has no place in it.
    """
    try:
        return {
            name: to_attribute(value) for name, value in attributes.items() if value is not None
        }
    except (TypeError, ArithmeticError) as error:
        raise PermanentError(f"a value cannot be stored: {type(error).__name__}") from error


def to_attribute(value: object) -> "AttributeValueTypeDef":
    """Return the DynamoDB form of one value."""
    return _SERIALIZER.serialize(value)


def from_item(item: "Mapping[str, AttributeValueTypeDef]") -> dict[str, JsonValue]:
    """Return the mapping of an item; numbers are Decimals.

    boto3's own reading is not used: a table returns 1E+40 as 41 digits, where boto3 takes 38.

    Raises:
        PermanentError: an attribute has a type that Footfall never writes.
    """
    return {name: _from_attribute(value) for name, value in item.items()}


def stored_instant(value: JsonValue) -> datetime:
    """Return the instant that an attribute holds as text.

    Raises:
        PermanentError: when it holds anything else.
    """
    instant = parse_timestamp(str(value))
    if instant is None:
        raise PermanentError("a stored timestamp cannot be read")
    return instant


def _from_attribute(attribute: "AttributeValueTypeDef") -> JsonValue:
    ((kind, content),) = cast("Mapping[str, Any]", attribute).items()
    match kind:
        case "S" | "BOOL":
            return cast("str | bool", content)
        case "N":
            return _number(content)
        case "M":
            return from_item(content)
        case "L":
            return [_from_attribute(element) for element in content]
        case "NULL":
            return None
        case _:
            raise PermanentError(f"an attribute of type {kind} cannot be read")


def _number(text: str) -> Decimal:
    """Return the number, written short enough to be stored again."""
    number = Decimal(text)
    return number if len(text) <= MAX_NUMBER_DIGITS else number.normalize(_EXACT)
