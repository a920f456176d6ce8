"""The verdict of a survival run sees what is wrong: a verdict that cannot fail says nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.survival.journal import Journal, Told, Union
from bench.survival.verdict import Verdict, judge
from bench.survival.world import SegmentWorld, World
from footfall.domain.customers import Customer, FieldValue
from footfall.domain.events import Event

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
LATELY = {"event": "Visited", "within": {"last": "1m"}}
TWICE = {"event": "Visited", "count": {"gte": 2}}


def _event(
    token: str,
    seconds_ago: float = 30,
    *,
    profile: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
) -> Event:
    return Event(
        event_id=f"id-{token}",
        store_id="store",
        event_name="Visited",
        event_timestamp=NOW - timedelta(seconds=seconds_ago),
        received_at=NOW,
        source="redo",
        identifiers=(),
        unique_id=token,
        profile=profile or {},
        data=data or {},
    )


def _customer(customer_id: str, **fields: str) -> Customer:
    values = {path: FieldValue(value, NOW, "id") for path, value in fields.items()}
    return Customer("store", customer_id, NOW, fields=values)


def _segment(definition: Mapping[str, Any], *members: str) -> SegmentWorld:
    return SegmentWorld(
        definition,
        states=frozenset(members),
        members=frozenset(members),
        count=len(members),
        told={one: [True] for one in members},
    )


TWICE_A = _segment(TWICE, "a")


def _journal(**persons: str) -> Journal:
    journal = Journal()
    told = [Told(token, person) for token, person in persons.items()]
    journal.sent(told, None)
    journal.confirmed(told, None)
    return journal


JOURNAL = _journal(first="ada", second="ada", third="ben")
WORLD = World(
    at=NOW,
    customers={"a": _customer("a", firstName="Ada"), "b": _customer("b")},
    timelines={
        "a": [_event("first", profile={"firstName": "Ada"}), _event("second", 3600)],
        "b": [_event("third", 3600)],
    },
    segments={"lately": _segment(LATELY, "a"), "twice": _segment(TWICE, "a")},
    counted={"Visited": 3},
)


def _with(customer_id: str, *events: Event) -> World:
    return replace(WORLD, timelines={**WORLD.timelines, customer_id: events})


def _with_segment(name: str, segment: SegmentWorld) -> World:
    return replace(WORLD, segments={**WORLD.segments, name: segment})


def _found(verdict: Verdict) -> dict[str, Sequence[str]]:
    return {name: getattr(verdict, name) for name, number in verdict.as_json().items() if number}


def test_all_is_well() -> None:
    verdict = judge(JOURNAL, WORLD)
    assert verdict.is_clean
    assert _found(verdict) == {}


def test_an_event_is_lost() -> None:
    world = replace(_with("b"), counted={"Visited": 2})
    verdict = judge(JOURNAL, world)
    assert not verdict.is_clean
    assert _found(verdict) == {"lost": ["third"]}


def test_an_event_is_doubled_on_its_timeline() -> None:
    (third,) = WORLD.timelines["b"]
    other = replace(third, event_id="id-other")
    verdict = judge(JOURNAL, replace(_with("b", third, other), counted={"Visited": 4}))
    assert not verdict.is_clean
    assert _found(verdict) == {"doubled": ["third"], "states": ["twice b"], "members": ["twice b"]}


def test_an_event_is_doubled_with_another_customer() -> None:
    (third,) = WORLD.timelines["b"]
    world = replace(
        _with("c", third),
        customers={**WORLD.customers, "c": _customer("c")},
        counted={"Visited": 4},
    )
    assert _found(judge(JOURNAL, world)) == {"doubled": ["third"], "scattered": ["ben"]}


def test_nobody_knows_of_an_event() -> None:
    journal = _journal(first="ada", second="ada")
    assert _found(judge(journal, WORLD)) == {"unheard_of": ["third"]}


def test_an_outcome_that_no_client_knows_may_be_either() -> None:
    journal = _journal(first="ada", second="ada")
    journal.sent([Told("third", "ben")], None)
    assert journal.unknown == {"third"}
    assert judge(journal, WORLD).is_clean
    assert judge(journal, replace(_with("b"), counted={"Visited": 2})).is_clean


def test_an_older_state_of_an_order_stands() -> None:
    journal = _journal(first="ada", second="ada", third="ben")
    for state in ("placed", "paid"):
        journal.confirmed([Told("third", "ben", state)], None)
    outdated = _with("b", _event("third", 3600, data={"State": "placed"}))
    assert _found(judge(journal, outdated)) == {"outdated": ["third"]}
    assert judge(journal, _with("b", _event("third", 3600, data={"State": "paid"}))).is_clean


def test_two_persons_have_one_customer() -> None:
    world = replace(
        WORLD,
        timelines={"a": [*WORLD.timelines["a"], *WORLD.timelines["b"]], "b": []},
    )
    assert _found(judge(JOURNAL, world)) == {"mixed": ["a"]}


def test_who_was_merged_has_one_customer() -> None:
    union = Union("ada", "ben")
    journal = _journal(first="ada", second="ada", third="ben")
    journal.sent([], union)
    together = replace(
        WORLD,
        timelines={"a": [*WORLD.timelines["a"], *WORLD.timelines["b"]], "b": []},
    )
    assert judge(journal, WORLD).is_clean  # nobody knows whether they were merged
    assert judge(journal, together).is_clean
    journal.confirmed([], union)
    assert _found(judge(journal, WORLD)) == {"scattered": ["ada"]}
    assert judge(journal, together).is_clean


def test_a_profile_is_not_what_was_said_last() -> None:
    customers = {**WORLD.customers, "a": _customer("a", firstName="Eve")}
    assert _found(judge(JOURNAL, replace(WORLD, customers=customers))) == {"profiles": ["a"]}


@pytest.mark.parametrize(
    ("segment", "found"),
    [
        (replace(TWICE_A, states=frozenset()), {"states": ["twice a"]}),
        (replace(TWICE_A, states=frozenset({"a", "b"})), {"states": ["twice b"]}),
        (replace(TWICE_A, count=2), {"counts": ["twice"]}),
        (replace(TWICE_A, told={}), {"bus": ["twice a"]}),
        (replace(TWICE_A, told={"a": [True, True]}), {"bus": ["twice a"]}),
        (replace(TWICE_A, told={"a": [True, False]}), {"bus": ["twice a"]}),
        (replace(TWICE_A, told={"a": [True], "b": [False]}), {"bus": ["twice b"]}),
        (replace(TWICE_A, told={"a": [True], "b": [True]}), {"bus": ["twice b"]}),
        (_segment(TWICE), {"states": ["twice a"], "members": ["twice a"]}),
        (_segment(TWICE, "a", "b"), {"states": ["twice b"], "members": ["twice b"]}),
        (_segment(TWICE, "a", "gone"), {"states": ["twice gone"], "members": ["twice gone"]}),
    ],
)
def test_a_membership_is_wrong(segment: SegmentWorld, found: Mapping[str, object]) -> None:
    verdict = judge(JOURNAL, _with_segment("twice", segment))
    assert not verdict.is_clean
    assert _found(verdict) == found


def test_who_left_is_told_in_turn() -> None:
    told = {"a": [True, False, True], "b": [True, False]}
    assert judge(JOURNAL, _with_segment("twice", replace(TWICE_A, told=told))).is_clean


def test_who_leaves_at_this_very_instant_is_not_judged() -> None:
    still_in = _with_segment("lately", _segment(LATELY, "a", "b"))
    assert not judge(JOURNAL, still_in).is_clean
    left_just_now = replace(still_in, timelines={**WORLD.timelines, "b": [_event("third", 61)]})
    assert judge(JOURNAL, left_just_now).is_clean


def test_the_catalogue_counts_wrongly() -> None:
    for number in (2, 4):
        verdict = judge(JOURNAL, replace(WORLD, counted={"Visited": number}))
        assert not verdict.is_clean
        assert _found(verdict) == {"miscounted": ["Visited"]}


def test_the_catalogue_may_count_too_often_where_people_were_merged() -> None:
    merged = replace(WORLD, joined=frozenset({"a"}))
    verdict = judge(JOURNAL, replace(merged, counted={"Visited": 4}))
    assert verdict.is_clean
    assert _found(verdict) == {"recounted": ["Visited"]}
    assert not judge(JOURNAL, replace(merged, counted={"Visited": 2})).is_clean


def test_a_hidden_copy_does_no_harm() -> None:
    verdict = judge(JOURNAL, replace(WORLD, hidden=[_event("third")]))
    assert verdict.is_clean
    assert _found(verdict) == {"hidden": ["third"]}
