from decimal import Decimal

import pytest

from footfall.domain.properties import PropertyType, is_unset, property_type, without_unset
from footfall.domain.values import JsonValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("gold", PropertyType.STRING),
        ("99", PropertyType.STRING),
        ("2025-03-15", PropertyType.STRING),
        ("2025-03-15T10:30:00Z", PropertyType.DATE),
        (1, PropertyType.NUMBER),
        (Decimal("99.99"), PropertyType.NUMBER),
        (True, PropertyType.BOOLEAN),
        (False, PropertyType.BOOLEAN),
        ([1], PropertyType.LIST),
        ({"a": 1}, PropertyType.OBJECT),
    ],
)
def test_every_value_has_one_type(value: JsonValue, expected: PropertyType) -> None:
    assert property_type(value) is expected


@pytest.mark.parametrize("value", [None, "", 0, Decimal("0.00"), Decimal("-0")])
def test_what_counts_as_unset(value: JsonValue) -> None:
    assert is_unset(value)


@pytest.mark.parametrize("value", [False, " ", "0", [], {}, Decimal("0.01")])
def test_what_counts_as_set(value: JsonValue) -> None:
    assert not is_unset(value)


def test_unset_properties_go_at_the_top_level_only() -> None:
    properties: dict[str, JsonValue] = {"a": 0, "b": {"c": None}, "d": False}
    assert without_unset(properties) == {"b": {"c": None}, "d": False}
