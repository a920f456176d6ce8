"""Attributes: what a definition can ask about who a customer is."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from footfall.domain.customers import Customer
from footfall.domain.timestamps import to_microseconds
from footfall.segments.definitions import AttributeRelative, AttributeTest
from footfall.segments.durations import duration
from footfall.segments.operators import Value, instant_of

CREATED_AT = "createdAt"
_END_OF_TIME = to_microseconds(datetime(9900, 1, 1, tzinfo=UTC))
"""Dates may be as late as 9999; no timer is needed so late, and nothing may be added to them."""


def attribute_values(customer: Customer, path: str) -> Sequence[Value]:
    """Return the present value of the customer's attribute, or nothing."""
    if path == CREATED_AT:
        return [customer.created_at]
    field = customer.fields.get(path)
    return [] if field is None or field.value is None else [field.value]


def attribute_turns(customer: Customer, test: AttributeTest) -> Iterator[int]:
    """Yield every instant, in microseconds, at which the test's answer changes by itself."""
    if not isinstance(test, AttributeRelative):
        return
    length = duration(test.value) // timedelta(microseconds=1)
    for value in attribute_values(customer, test.attribute):
        instant = instant_of(value)
        if instant is not None:
            turn = to_microseconds(instant)
            other = turn - length if test.op == "within_next" else turn + length
            yield from (one for one in (turn, other) if 0 <= one < _END_OF_TIME)
