from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from footfall.domain.faults import FaultyDocumentError
from footfall.domain.values import JsonValue
from footfall.segments.definitions import (
    AllOf,
    AttributeEquality,
    Behaviour,
    InSegment,
    LastWindow,
    NotThat,
    Pattern,
)
from footfall.segments.reading import MAX_DEPTH, MAX_LEAVES, read_definition

BOUGHT: JsonValue = {"event": "bought"}


def faults_of(document: JsonValue) -> Sequence[tuple[str, str]]:
    with pytest.raises(FaultyDocumentError) as refused:
        read_definition(document)
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


def nested(levels: int) -> JsonValue:
    document = BOUGHT
    for _ in range(levels - 1):
        document = {"not": document}
    return document


def test_a_definition_of_every_kind_of_node() -> None:
    definition = read_definition(
        {
            "all": [
                {"event": {"like": "cart_*"}, "count": {"gte": 2}, "within": {"last": "30d"}},
                {"not": {"event": "bought", "sum": {"of": "value", "gt": Decimal("9.99")}}},
                {"attribute": "customFields.Loyalty Tier", "op": "eq", "value": "Gold"},
                {"segment": "lapsed"},
            ]
        }
    )

    assert isinstance(definition, AllOf)
    carts, unsold, gold, lapsed = definition.all
    assert isinstance(carts, Behaviour)
    assert (carts.event, carts.within) == (Pattern(like="cart_*"), LastWindow(last="30d"))
    assert carts.count
    assert carts.count.gte == 2
    assert isinstance(unsold, NotThat)
    assert isinstance(unsold.not_, Behaviour)
    assert unsold.not_.sum
    assert unsold.not_.sum.gt == Decimal("9.99")
    assert isinstance(gold, AttributeEquality)
    assert gold.value == "Gold"
    assert lapsed == InSegment(segment="lapsed")


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (5, ""),
        ({}, ""),
        ({"all": []}, "/all"),
        ({"any": [BOUGHT] * 51}, "/any"),
        ({"all": [BOUGHT, {"foo": 1}]}, "/all/1"),
        ({"event": 7}, "/event"),
        ({"event": ""}, "/event"),
        ({"event": {"any_of": []}}, "/event/any_of"),
        ({"event": "a", "times": 2}, "/times"),
        ({"event": "a", "where": None}, "/where"),
        ({"event": "a", "within": {"from": None}}, "/within/from"),
        ({"event": "a", "count": {"gte": None}}, "/count/gte"),
        ({"event": "a", "where": {"property": "category", "op": "exists"}}, "/where/property"),
        ({"event": "a", "sum": {"of": "data.", "gte": 1}}, "/sum/of"),
        ({"event": "a", "count": {"gte": True}}, "/count/gte"),
        ({"event": "a", "count": {"gte": 1_001}}, "/count/gte"),
        ({"event": "a", "count": {"gte": Decimal("1.5")}}, "/count/gte"),
        ({"event": "a", "count": {"gte": 1, "lte": 2}}, "/count"),
        ({"event": "a", "count": {}}, "/count"),
        ({"event": "a", "count": {"gte": 1}, "sum": {"of": "value", "gte": 1}}, ""),
        ({"event": "a", "sum": {"of": "value", "gte": "1"}}, "/sum/gte"),
        ({"event": "a", "sum": {"gte": 1}}, "/sum/of"),
        ({"event": "a", "within": {"last": "30y"}}, "/within/last"),
        ({"event": "a", "within": {"last": "3651d"}}, "/within/last"),
        ({"event": "a", "within": {"from": "yesterday"}}, "/within/from"),
        ({"event": "a", "where": {"property": "value", "op": "gt", "value": "9"}}, "/where/value"),
        ({"event": "a", "where": {"property": "value", "op": "like", "value": "9"}}, "/where"),
        ({"event": "a", "where": {"property": "d", "op": "within_last", "value": "9d"}}, "/where"),
        ({"attribute": "email", "op": "in", "value": "a"}, "/value"),
        ({"attribute": "email", "op": "in", "value": [None]}, "/value/0"),
        ({"attribute": "email", "op": "exists", "value": True}, "/value"),
        ({"attribute": "email", "op": "contains", "value": 1}, "/value"),
        ({"attribute": "email", "op": "eq", "value": "a", "ignoreCase": 1}, "/ignoreCase"),
        ({"attribute": "shoeSize", "op": "exists"}, "/attribute"),
        ({"attribute": "customFields.a", "op": "between", "value": [1]}, "/value"),
        ({"segment": "not an id"}, "/segment"),
    ],
)
def test_a_fault_is_named_by_its_place(document: JsonValue, pointer: str) -> None:
    assert [place for place, _ in faults_of(document)] == [pointer]


def test_every_fault_is_listed() -> None:
    document: Mapping[str, JsonValue] = {
        "any": [{"event": "a", "count": {"gte": -1}}, {"attribute": "email", "op": "eq"}]
    }

    assert faults_of(document) == [
        ("/any/0/count/gte", "Must be a whole number from 0 to 1000."),
        ("/any/1/value", "This field is required."),
    ]


def test_depth_and_leaves_are_limited() -> None:
    read_definition(nested(MAX_DEPTH))
    read_definition({"all": [{"any": [BOUGHT] * 50}] * (MAX_LEAVES // 50)})

    assert [place for place, _ in faults_of(nested(MAX_DEPTH + 1))] == ["/not" * MAX_DEPTH]
    assert faults_of({"all": [{"any": [BOUGHT] * 50}, {"any": [BOUGHT] * 50}, BOUGHT]}) == [
        ("", "Must have at most 100 leaves; it has 101.")
    ]


def test_a_definition_nested_without_end_is_refused() -> None:
    assert faults_of(nested(5_000))
