from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from footfall.domain.events import Event
from footfall.domain.values import JsonValue
from footfall.segments.definitions import Behaviour
from footfall.segments.matching import event_test, matches_name
from footfall.segments.reading import read_definition
from tests.builders import purchase

DATA: Mapping[str, JsonValue] = {
    "category": "shoes",
    "ship to.city": "Oslo",
    "address": {"city": "Bergen", "zip.code": "5003"},
    "items": [{"type": "shirt", "price": Decimal("9.5")}, {"type": "shoe"}, "loose"],
    "tags": ["new", "sale"],
}


def behaviour(event: JsonValue, where: JsonValue = None) -> Behaviour:
    document = {"event": event} if where is None else {"event": event, "where": where}
    definition = read_definition(document)
    assert isinstance(definition, Behaviour)
    return definition


def matches(asked: Behaviour, event: Event) -> bool:
    return matches_name(asked, event.event_name) and event_test(asked.where)(event)


@pytest.mark.parametrize(
    ("event", "names", "others"),
    [
        ("bought", ["bought"], ["Bought", "bought2"]),
        ({"any_of": ["a", "b"]}, ["a", "b"], ["c"]),
        ({"like": "cart_*"}, ["cart_", "cart_add\nnow"], ["my cart_", "Cart_add"]),
        ({"like": r"50\*off*"}, ["50*off!"], ["50 off"]),
        ({"like": "a.c"}, ["a.c"], ["abc"]),
        ({"like": "\\d*"}, ["\\d1"], ["1"]),
    ],
)
def test_names(event: JsonValue, names: list[str], others: list[str]) -> None:
    asked = behaviour(event)
    assert all(matches_name(asked, name) for name in names)
    assert not any(matches_name(asked, name) for name in others)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("value", Decimal("149.99")),
        ("valueCurrency", "USD"),
        ("source", "redo"),
        ("uniqueId", "o-1"),
        ("data.category", "shoes"),
        ("data.ship to.city", "Oslo"),
        ("data.address.city", "Bergen"),
        ("data.items[].type", "shoe"),
        ("data.items[].price", Decimal("9.5")),
        ("data.tags[]", "sale"),
    ],
)
def test_paths(path: str, value: JsonValue) -> None:
    event = purchase(1, unique_id="o-1", data=DATA)
    name = event.event_name

    equal, other = ({"property": path, "op": op, "value": value} for op in ("eq", "ne"))
    assert matches(behaviour(name, equal), event)
    assert not matches(behaviour(name, other), event)


@pytest.mark.parametrize(
    "path", ["data.none", "data.category.x", "data.tags", "data.$extra", "data.address"]
)
def test_where_nothing_equal_stands(path: str) -> None:
    event = replace(purchase(1, data=DATA), extra={"a": 1})
    assert not matches(
        behaviour(event.event_name, {"property": path, "op": "eq", "value": "x"}), event
    )


def test_filters_combine() -> None:
    event = purchase(1, data=DATA)
    shoes: JsonValue = {"property": "data.category", "op": "eq", "value": "shoes"}
    hats: JsonValue = {"property": "data.category", "op": "eq", "value": "hats"}
    name = event.event_name

    assert matches(behaviour(name, {"any": [hats, shoes]}), event)
    assert not matches(behaviour(name, {"all": [hats, shoes]}), event)
    assert matches(behaviour(name, {"not": {"all": [hats, shoes]}}), event)
    assert not matches(behaviour("other", shoes), event)


def test_a_pattern_of_many_stars_takes_no_longer_than_it_has_to() -> None:
    assert not matches_name(behaviour({"like": "*a" * 100 + "b"}), "a" * 255)
    assert matches_name(behaviour({"like": "*a" * 100 + "*"}), "a" * 255)
    assert not matches_name(behaviour({"like": "aa*aa"}), "aaa")
