"""What segments refer to: never what is not there, never themselves, never too much at once."""

import time
from collections.abc import Mapping

import pytest

from footfall.domain.values import JsonValue
from footfall.segments.definitions import Node
from footfall.segments.outset import outset
from footfall.segments.reading import read_definition
from footfall.segments.references import (
    MAX_RESOLVED_DEPTH,
    MAX_RESOLVED_LEAVES,
    reference_faults,
    referring,
    with_what_it_refers_to,
)

BOUGHT: JsonValue = {"event": "bought"}


def member_of(*segment_ids: str) -> JsonValue:
    return {"all": [{"segment": segment_id} for segment_id in segment_ids]}


def store(**documents: JsonValue) -> dict[str, Node | None]:
    """Return the segments of a store; None is one that is being deleted."""
    return {
        segment_id: None if document is None else read_definition(document)
        for segment_id, document in documents.items()
    }


def faults_of(
    document: JsonValue, stored: Mapping[str, Node | None], segment_id: str = "new"
) -> list[tuple[str, str]]:
    faults = reference_faults(segment_id, read_definition(document), stored)
    return [(fault.pointer, fault.detail) for fault in faults]


def test_a_definition_without_references_has_no_faults() -> None:
    assert faults_of(BOUGHT, {}) == []


def test_references_to_what_is_there_have_no_faults() -> None:
    stored = store(a=BOUGHT, b=member_of("a"), new=member_of("b"))
    assert faults_of({"any": [{"segment": "a"}, {"not": {"segment": "b"}}]}, stored) == []


def test_what_is_not_there_is_named_by_its_place() -> None:
    document: JsonValue = {
        "all": [
            {"any": [BOUGHT, {"segment": "lost"}]},
            {"not": {"segment": "going"}},
            {"segment": "a"},
        ]
    }
    assert faults_of(document, store(a=BOUGHT, going=None)) == [
        ("/all/0/any/1/segment", "This segment does not exist."),
        ("/all/1/not/segment", "This segment is being deleted."),
    ]


def test_a_segment_cannot_refer_to_itself() -> None:
    expected = [
        ("/segment", "Must not lead back to the segment itself: it refers to `new`."),
    ]
    assert faults_of({"segment": "new"}, {}) == expected
    assert faults_of({"segment": "new"}, store(new=BOUGHT)) == expected


def test_a_way_back_is_told_in_words() -> None:
    stored = store(a=member_of("b"), b={"not": {"segment": "new"}}, c=BOUGHT, new=BOUGHT)
    ((place, detail),) = faults_of({"any": [{"segment": "c"}, {"not": {"segment": "a"}}]}, stored)
    assert place == "/any/1/not/segment"
    assert detail.endswith("refers to `a`, which refers to `b`, which refers to `new`.")


def test_faults_of_every_kind_are_told_together() -> None:
    stored = store(a=member_of("new"), new=BOUGHT)
    assert [place for place, _ in faults_of(member_of("lost", "a"), stored)] == [
        "/all/0/segment",
        "/all/1/segment",
    ]


def test_leaves_are_counted_wherever_they_are_referred_to() -> None:
    hundred: JsonValue = {"all": [{"any": [BOUGHT] * 50}] * 2}
    stored = store(hundred=hundred, wide=member_of(*["hundred"] * 9), single=BOUGHT)

    assert faults_of(member_of("wide", "hundred"), stored) == []
    ((place, detail),) = faults_of(member_of("wide", "hundred", "single"), stored)
    assert place == ""
    assert f"{MAX_RESOLVED_LEAVES:,} behaviours and attributes" in detail


def test_levels_are_counted_through_references() -> None:
    stored = store(s1=BOUGHT)
    for number in range(2, MAX_RESOLVED_DEPTH):
        stored |= store(**{f"s{number}": {"segment": f"s{number - 1}"}})

    assert faults_of({"segment": f"s{MAX_RESOLVED_DEPTH - 1}"}, stored) == []
    ((place, detail),) = faults_of({"not": {"segment": f"s{MAX_RESOLVED_DEPTH - 1}"}}, stored)
    assert place == ""
    assert f"{MAX_RESOLVED_DEPTH} levels" in detail


def test_a_change_cannot_make_another_segment_too_large() -> None:
    fifty: JsonValue = {"any": [BOUGHT] * 50}
    stored = store(part=fifty, middle=member_of(*["part"] * 10), whole=member_of("middle", "part"))

    assert faults_of(fifty, stored, "part") == []
    ((place, detail),) = faults_of({"any": [{"any": [BOUGHT] * 46}] * 2}, stored, "part")
    assert place == ""
    assert "`whole`" in detail


def test_references_that_double_take_no_time_that_doubles() -> None:
    """In 45 doublings there are 35 million million leaves; each segment is looked at once."""
    stored = store(s0={"attribute": "email", "op": "exists"})
    for number in range(1, 46):
        stored |= store(**{f"s{number}": member_of(f"s{number - 1}", f"s{number - 1}")})
    started = time.monotonic()

    assert [place for place, _ in faults_of(member_of("s45", "s45"), stored)] == [""]
    assert [place for place, _ in faults_of(BOUGHT, stored, "s0")] == [""] * 10
    assert [place for place, _ in faults_of(member_of("s45"), stored, "s0")] == ["/all/0/segment"]
    assert time.monotonic() - started < 5


def test_a_store_full_of_segments_is_judged_in_no_time() -> None:
    stored = store(base=BOUGHT)
    for number in range(2_000):
        stored[f"s{number}"] = read_definition(member_of(*["base"] * 50))
    hundred: JsonValue = {"any": [{"any": [{"segment": f"s{number}"}] * 2} for number in range(50)]}
    started = time.monotonic()

    faults_of(hundred, stored)
    faults_of(BOUGHT, stored, "base")
    assert time.monotonic() - started < 5


def test_who_refers_to_a_segment() -> None:
    stored = store(a=BOUGHT, c=member_of("a", "a"), b={"not": {"segment": "a"}}, d=member_of("b"))
    stored["e"] = None
    assert referring("a", stored) == ["b", "c"]
    assert referring("d", stored) == []


def test_what_a_segment_leads_to() -> None:
    stored = store(a=BOUGHT, b=member_of("a"), c=member_of("b", "a"), d=BOUGHT)
    assert with_what_it_refers_to("c", stored).keys() == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (BOUGHT, False),
        ({"not": BOUGHT}, True),
        ({"event": "a", "count": {"gte": 0}}, True),
        ({"event": "a", "count": {"gt": 0}}, False),
        ({"event": "a", "count": {"eq": 0}}, True),
        ({"event": "a", "count": {"lt": 1}}, True),
        ({"event": "a", "count": {"lt": 0}}, False),
        ({"event": "a", "count": {"lte": 3}}, True),
        ({"event": "a", "count": {"between": [0, 3]}}, True),
        ({"event": "a", "count": {"between": [1, 3]}}, False),
        ({"event": "a", "sum": {"of": "value", "gte": 0}}, True),
        ({"event": "a", "sum": {"of": "value", "gt": -1}}, True),
        ({"event": "a", "sum": {"of": "value", "lt": 0}}, False),
        ({"attribute": "email", "op": "eq", "value": "a"}, False),
        ({"attribute": "email", "op": "ne", "value": "a"}, True),
        ({"attribute": "email", "op": "not_exists"}, True),
        ({"attribute": "createdAt", "op": "within_last", "value": "3650d"}, False),
        ({"attribute": "createdAt", "op": "not_within_last", "value": "1d"}, True),
        ({"all": [{"not": BOUGHT}, {"segment": "everybody"}]}, True),
        ({"any": [BOUGHT, {"not": {"segment": "everybody"}}]}, False),
    ],
)
def test_what_a_segment_says_about_somebody_unknown(document: JsonValue, *, expected: bool) -> None:
    stored = store(everybody={"not": BOUGHT})
    assert outset("new", read_definition(document), stored) is expected
