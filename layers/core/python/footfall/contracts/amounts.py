"""What an event is worth, where its contract has no field for it."""

from decimal import Decimal

from footfall.domain.currencies import CURRENCY_CODES
from footfall.domain.numbers import is_number
from footfall.domain.values import JsonObject

_CURRENCIES = ("currency", "value_currency")


def amount_in(properties: JsonObject) -> tuple[Decimal | int | None, str | None]:
    """Return the value and the currency that the properties of an event state, or None.

    Source: Segment's spec names the properties `value` and `currency`. A `value` that is no number
    and a currency without a value, or that ISO 4217 does not know, stay ordinary properties.
    """
    value = properties.get("value")
    if not is_number(value):
        return None, None
    for name in _CURRENCIES:
        currency = properties.get(name)
        if isinstance(currency, str) and currency.upper() in CURRENCY_CODES:
            return value, currency.upper()
    return value, None
