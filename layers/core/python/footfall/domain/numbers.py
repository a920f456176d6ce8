"""Numbers as DynamoDB keeps them: one that does not fit would be stored as another number."""

from decimal import Decimal

from footfall.domain.limits import MAX_NUMBER_DIGITS, MAX_NUMBER_EXPONENT, MIN_NUMBER_EXPONENT

_SURELY_STORABLE = 10**18
_LAST_PLACE = -165
"""Of the digits after the point: boto3 writes none beyond it, so tiny numbers have fewer."""


def is_storable(number: Decimal | int) -> bool:
    """Tell whether DynamoDB keeps the number exactly as it is written."""
    if isinstance(number, int) and -_SURELY_STORABLE < number < _SURELY_STORABLE:
        return True
    decimal = Decimal(number)
    digits = len(decimal.as_tuple().digits)
    return (
        decimal.is_finite()
        and digits <= MAX_NUMBER_DIGITS
        and MIN_NUMBER_EXPONENT <= decimal.adjusted() <= MAX_NUMBER_EXPONENT
        and decimal.adjusted() - digits + 1 >= _LAST_PLACE
    )
