"""What contracts with free-form attributes say about a customer, as fields of the profile."""

from collections.abc import Mapping
from decimal import Decimal

from footfall.domain.faults import Fault
from footfall.domain.limits import MAX_CUSTOMER_BYTES
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue, StatedValue

CUSTOM_FIELDS = "customFields"
_MAX_BYTES_OF_CHARACTER = 6
"""In JSON, such as \\u0000; Python's own text of the same values has no fewer characters."""

_TOO_LARGE = f"Must have at most {MAX_CUSTOMER_BYTES} bytes as JSON."


def custom_field(name: str) -> str:
    """Return the path of a custom field of this name."""
    return f"{CUSTOM_FIELDS}.{name}"


def stated_value(value: JsonValue) -> StatedValue:
    """Return the value as a field of a profile holds it; null and "" take the value away.

    A profile holds single values: a list or an object is kept as its JSON text.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str | int | Decimal):
        return value
    return dump_json(value)


def stated_fields(attributes: Mapping[str, JsonValue]) -> dict[str, StatedValue]:
    """Return free-form attributes as custom fields, by path."""
    return {custom_field(name): stated_value(value) for name, value in attributes.items()}


def size_faults(fields: Mapping[str, StatedValue], pointer: str) -> list[Fault]:
    """Return the fault of saying more about a customer than one event may, or nothing.

    Args:
        fields: all that is said, by path.
        pointer: where in the document it stands.
    """
    if len(str(fields)) * _MAX_BYTES_OF_CHARACTER <= MAX_CUSTOMER_BYTES:  # sooner told
        return []
    is_large = len(dump_json(fields).encode()) > MAX_CUSTOMER_BYTES
    return [Fault(pointer, _TOO_LARGE)] if is_large else []
