"""Numbers: exact, and as DynamoDB keeps them; one that does not fit would be stored as another."""

from decimal import Decimal
from typing import TypeGuard

from footfall.domain.limits import MAX_NUMBER_DIGITS, MAX_NUMBER_EXPONENT, MIN_NUMBER_EXPONENT

_SMALL_INTEGER = 10**18
_SMALL_EXPONENT = 100
_LAST_PLACE = -165
"""Of the digits after the point: boto3 writes none beyond it, so tiny numbers have fewer."""

_NUMBERS = (int, Decimal)


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """Tell whether a value is a number, which to Python true and false are as well."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def is_storable(number: Decimal | int) -> bool:
    """Tell whether DynamoDB keeps the number exactly as it is written."""
    if isinstance(number, int):
        if -_SMALL_INTEGER < number < _SMALL_INTEGER:
            return True
        number = Decimal(number)
    exponent = number.adjusted()
    if len(str(number)) <= MAX_NUMBER_DIGITS and -_SMALL_EXPONENT < exponent < _SMALL_EXPONENT:
        return number.is_finite()  # its digits need not be counted
    digits = len(number.as_tuple().digits)
    return (
        number.is_finite()
        and digits <= MAX_NUMBER_DIGITS
        and MIN_NUMBER_EXPONENT <= exponent <= MAX_NUMBER_EXPONENT
        and exponent - digits + 1 >= _LAST_PLACE
    )
