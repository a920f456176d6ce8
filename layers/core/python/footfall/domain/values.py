"""The values an event can carry, as they come out of strict JSON: numbers are exact."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

JsonValue: TypeAlias = (
    "str | int | Decimal | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
JsonObject: TypeAlias = Mapping[str, JsonValue]

ProfileValue: TypeAlias = str | int | Decimal | bool
"""What one field of a customer's profile can hold."""

StatedValue: TypeAlias = ProfileValue | None
"""What can be said about a field of a profile; None takes its value away."""
