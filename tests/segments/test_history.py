"""Whole histories, decided at once: as the naive evaluator does it, whatever their order."""

from collections.abc import Mapping
from random import Random

from footfall.segments.definitions import Node
from footfall.segments.history import Question, is_member
from footfall.segments.reading import read_definition
from tests.segments.random_cases import World, random_case

CASES = 400


def test_members_are_those_of_the_naive_evaluator() -> None:
    answers = []
    for seed in range(CASES):
        case, world = random_case(seed), World()
        for step in case.steps:
            world.apply(step)
        if world.customer is None:
            continue
        now = case.steps[-1].now
        others = _definitions(world)
        events = world.history
        Random(seed).shuffle(events)  # noqa: S311  # a repeatable case, not a secret
        members = {
            segment_id
            for segment_id, definition in others.items()
            if is_member(definition, iter(events), world.customer, now, others)
        }
        assert members == world.members(now), seed
        answers += [segment_id in members for segment_id in others]
    assert CASES / 4 < sum(answers) < len(answers) - CASES / 4


def test_events_that_are_not_asked_for_change_nothing() -> None:
    for seed in range(CASES):
        case, world = random_case(seed), World()
        for step in case.steps:
            world.apply(step)
        if world.customer is None:
            continue
        now = case.steps[-1].now
        others = _definitions(world)
        for definition in others.values():
            question = Question(definition, others)
            earliest = question.earliest(now)
            some = [
                event
                for event in world.history
                if question.asks_for(event.event_name)
                and (earliest is None or event.event_timestamp >= earliest)
            ]
            assert question.answer(some, world.customer, now) == question.answer(
                world.history, world.customer, now
            ), seed


def _definitions(world: World) -> Mapping[str, Node]:
    return {one: read_definition(document) for one, document in world.definitions.items()}
