"""Workers at the same time: however a merge meets events and other merges, nothing is lost."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.domain.instructions import Instruction
from footfall.domain.values import JsonValue, ProfileValue
from footfall.settings import Setting
from tests.builders import anonymous, deliver, email, message, own_id
from tests.merging_people import (
    deletion,
    deliver_rest,
    histories,
    merge,
    people,
    said_by,
)
from tests.moto_cloud import all_items, moto_cloud
from tests.turnstile import turns_of_workers, work_in_turns

TURNS = turns_of_workers(30, 90)
ANN, BEN, CAT = own_id("ann"), own_id("ben"), own_id("cat")
BROWSER = anonymous("browser")

People = Mapping[str, Mapping[str, JsonValue]]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), TURNS)
def test_workers_at_the_same_time_end_with_the_same_people(
    told: list[Instruction], turns: list[int]
) -> None:
    assert _people_after([], told, turns) == _people_after(told, [], [])


PROFILES: Sequence[Mapping[str, ProfileValue]] = ({}, {"firstName": "B."})


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("switch", range(1, 30, 2))
def test_an_event_in_flight_follows_whenever_the_merge_overtakes_it(
    switch: int, profile: Mapping[str, ProfileValue]
) -> None:
    before: list[Instruction] = [said_by(1, ANN), said_by(2, BEN), said_by(3, BEN, minute=40)]
    meanwhile: list[Instruction] = [
        merge(4, ANN, BEN),
        said_by(5, BEN, minute=30, profile=profile, unique_id="order-5"),
    ]

    for turns in ([0] * switch + [1] * 50, [1] * switch + [0] * 50):
        assert _people_after(before, meanwhile, turns) == _people_after([*before, *meanwhile])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("switch", range(1, 30, 2))
def test_an_anonymous_event_in_flight_follows_whoever_is_named(
    switch: int, profile: Mapping[str, ProfileValue]
) -> None:
    before: list[Instruction] = [said_by(1, ANN), said_by(2, BROWSER)]
    meanwhile: list[Instruction] = [
        said_by(3, ANN, BROWSER, profile={"firstName": "Ann"}),
        said_by(4, BROWSER, minute=0, profile=profile),
    ]

    for turns in ([0] * switch + [1] * 50, [1] * switch + [0] * 50):
        assert _people_after(before, meanwhile, turns) == _people_after([*before, *meanwhile])


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(TURNS)
def test_merges_across_each_other_make_no_circle(turns: list[int]) -> None:
    before: list[Instruction] = [said_by(1, ANN), said_by(2, BEN), said_by(3, CAT)]
    merges: list[Instruction] = [
        *(merge(4, ANN, BEN), merge(5, BEN, ANN), merge(6, BEN, CAT)),
        *(said_by(7, BEN, minute=0), merge(8, CAT, ANN), said_by(9, CAT)),
    ]

    (person,) = _people_after(before, merges, turns).values()
    assert _events_of(person) == 5


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(TURNS, st.permutations([0, 1, 2]))
def test_two_people_of_one_browser_never_become_one(turns: list[int], order: list[int]) -> None:
    jane, john = [own_id("jane"), email("jane@example.com")], [own_id("john")]
    told = [
        said_by(1, *jane, BROWSER),
        said_by(2, *john, BROWSER),
        said_by(3, BROWSER),
    ]
    with moto_cloud():
        work_in_turns([message(told[place]) for place in order], turns)
        assert deliver(message(said_by(4, *jane, BROWSER), said_by(5, *john, BROWSER))) == []
        assert deliver(message(merge(6, jane[0], BROWSER), merge(7, john[0], BROWSER))) == []
        found = people()

    assert len(found) == 2
    assert sum(map(_events_of, found.values())) == 5
    assert not any("jane" in names and "john" in names for names in found)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(TURNS)
def test_who_is_deleted_while_merged_is_forgotten_or_was_somebody_else(turns: list[int]) -> None:
    before: list[Instruction] = [said_by(1, ANN), said_by(2, BEN), said_by(3, BEN)]
    with moto_cloud():
        for one in before:
            assert deliver(message(one)) == []
        work_in_turns(
            [message(one) for one in (merge(10, ANN, BEN), deletion(11, BEN), said_by(12, CAT))],
            turns,
        )
        deliver(message(merge(10, ANN, BEN)))  # SQS may deliver it again
        deliver(message(deletion(11, BEN)))
        assert deliver(message(said_by(13, ANN), said_by(14, BEN))) == []
        left = [str(item["sk"])[-2:] for item in all_items(Setting.EVENTS_TABLE)]
        people()

    assert sorted(set(left) - {"01"}) == ["12", "13", "14"]


def _people_after(
    before: Sequence[Instruction],
    meanwhile: Sequence[Instruction] = (),
    turns: Sequence[int] = (),
) -> People:
    with moto_cloud():
        for one in before:
            assert deliver(message(one)) == []
        if meanwhile:
            work_in_turns([message(one) for one in meanwhile], turns)
        deliver_rest()
        return people()


def _events_of(person: Mapping[str, JsonValue]) -> int:
    timeline = person["timeline"]
    assert isinstance(timeline, list)
    return len(timeline)
