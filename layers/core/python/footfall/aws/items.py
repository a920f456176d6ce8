"""DynamoDB items to and from plain mappings.

Every attribute of every event passes here, on its way in and on its way out: hence the plain tests
of types, the most frequent first, and none of boto3's, which take four times as long.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Clamped, Context, Decimal, Inexact, Overflow, Rounded, Underflow
from typing import TYPE_CHECKING, Any

from footfall.domain.limits import MAX_NUMBER_DIGITS, MAX_NUMBER_EXPONENT, MIN_NUMBER_EXPONENT
from footfall.domain.timestamps import parse_timestamp
from footfall.domain.values import JsonValue
from footfall.errors import PermanentError

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_WRITTEN = Context(
    prec=MAX_NUMBER_DIGITS,
    Emin=-128,
    Emax=126,
    traps=[Clamped, Overflow, Inexact, Rounded, Underflow],
)
"""boto3's own: a number that it would have to round is refused."""

_READ = Context(prec=MAX_NUMBER_EXPONENT - MIN_NUMBER_EXPONENT)
_SHORT_INTEGER = 10**18


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


def to_attribute(value: object) -> "AttributeValueTypeDef":  # noqa: PLR0911 - one for each type
    """Return the DynamoDB form of one value."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, Decimal)):
        return {"N": _number_text(value)}
    if isinstance(value, (dict, Mapping)):  # the check of a dict is faster
        return {"M": {name: to_attribute(member) for name, member in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"L": [to_attribute(element) for element in value]}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bytes):
        return {"B": value}
    raise TypeError(f"DynamoDB has no form of a {type(value).__name__}")


def from_item(item: "Mapping[str, AttributeValueTypeDef]") -> dict[str, JsonValue]:
    """Return the mapping of an item; numbers are Decimals.

    boto3's own reading is not used: a table returns 1E+40 as 41 digits, where boto3 takes 38.

    Raises:
        PermanentError: an attribute has a type that Footfall never writes.
    """
    return {name: from_attribute(value) for name, value in item.items()}


def from_attribute(attribute: Mapping[str, Any]) -> JsonValue:
    """Return the value of one attribute; else as `from_item`."""
    if "S" in attribute:  # these two are most of them
        text: str = attribute["S"]
        return text
    if "N" in attribute:
        return _number(attribute["N"])
    [(kind, content)] = attribute.items()
    match kind:
        case "BOOL":
            truth: bool = content
            return truth
        case "M":
            return from_item(content)
        case "L":
            return [from_attribute(element) for element in content]
        case "NULL":
            return None
        case _:
            raise PermanentError(f"an attribute of type {kind} cannot be read")


def stored_instant(value: JsonValue) -> datetime:
    """Return the instant that an attribute holds as text.

    Raises:
        PermanentError: when it holds anything else.
    """
    instant = parse_timestamp(str(value))
    if instant is None:
        raise PermanentError("a stored timestamp cannot be read")
    return instant


def _number_text(number: Decimal | int) -> str:
    if isinstance(number, int) and -_SHORT_INTEGER < number < _SHORT_INTEGER:
        return str(number)
    exact = _WRITTEN.create_decimal(number)
    if not exact.is_finite():
        raise TypeError("DynamoDB has no form of infinity, or of what is no number")
    return str(exact)


def _number(text: str) -> Decimal:
    """Return the number, written short enough to be stored again."""
    number = Decimal(text)
    return number if len(text) <= MAX_NUMBER_DIGITS else number.normalize(_READ)
