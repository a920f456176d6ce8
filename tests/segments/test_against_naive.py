"""The engine against an evaluator that was written from the words of the language alone.

Random definitions and random lives of a customer: late, doubled, future and replaced events,
records that come after the timeline was read, profiles, edits, a clock that jumps.
`--segment-cases` sets how many lives are tried.
"""

from datetime import datetime, timedelta

import pytest

from footfall.domain.timestamps import from_microseconds, to_microseconds
from footfall.segments import evidence
from footfall.segments.transitions import Cause
from tests.segments.naive import flip_instants
from tests.segments.random_cases import Case, World, random_case
from tests.segments.script_engine import ScriptEngine, alternates

_BATCH = 100
_MICROSECOND = timedelta(microseconds=1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "first" in metafunc.fixturenames:
        cases = int(metafunc.config.getoption("--segment-cases"))
        metafunc.parametrize("first", range(0, cases, _BATCH))


def test_members_are_the_same_at_every_step_and_at_every_flip(first: int) -> None:
    for seed in range(first, first + _BATCH):
        _compare(random_case(seed))


@pytest.mark.parametrize("room", [0, 300])
def test_evidence_that_has_no_room_is_gathered_whenever_it_matters(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(evidence, "MAX_EVIDENCE_BYTES", room)
    for seed in range(200):
        _compare(random_case(seed))


def _compare(case: Case) -> None:
    engine = ScriptEngine(case.seed)
    sweeps_late = case.seed % 4 == 0
    last: datetime | None = None
    for step in case.steps:
        if last is not None and step.now > last:
            if sweeps_late:
                _sweep_late(case, engine, last, step.now)
            else:
                _sweep_on_time(case, engine, last, step.now)
        engine.take(step)
        engine.wake_when_due(step.now)
        last = max(step.now, from_microseconds(engine.state.as_of))
        if engine.decided_at <= to_microseconds(last):
            _same(case, engine, last)
        # else a clock that was ahead by seconds has decided, without a write, what is still to come
        assert alternates(engine.told), case.seed


def _sweep_on_time(case: Case, engine: ScriptEngine, last: datetime, now: datetime) -> None:
    """Nothing flips before the engine wakes by itself, and at every flip it is awake."""
    decided_at = max(last, from_microseconds(engine.decided_at))
    for flip in _flips(engine.world, decided_at, now):
        engine.wake_when_due(flip - _MICROSECOND)
        _same(case, engine, flip - _MICROSECOND)
        told = len(engine.told)
        engine.wake_when_due(flip)
        _same(case, engine, flip)
        if engine.world.is_settled:
            assert engine.told[told:], case.seed
            for one in engine.told[told:]:
                assert one.effective_at == to_microseconds(flip), case.seed
                assert one.cause is Cause.TIME, case.seed
    engine.wake_when_due(now)


def _sweep_late(case: Case, engine: ScriptEngine, last: datetime, now: datetime) -> None:
    """A worker that comes late tells every flip that it has missed, in order."""
    told = len(engine.told)
    decided_before = from_microseconds(engine.decided_at)
    engine.decide(now)
    _same(case, engine, now)
    if engine.world.is_settled:
        missed = {from_microseconds(one.effective_at) for one in engine.told[told:]}
        decided_at = max(last, decided_before)
        assert missed <= set(_flips(engine.world, last, now)), case.seed
        assert missed >= set(_flips(engine.world, decided_at, now)), case.seed


def _flips(world: World, start: datetime, end: datetime) -> list[datetime]:
    if world.customer is None:
        return []
    history = list(world.timeline.values())
    return sorted(
        {
            flip
            for definition in world.definitions.values()
            for flip in flip_instants(
                definition, history, world.customer, start, end, world.definitions
            )
        }
    )


def _same(case: Case, engine: ScriptEngine, now: datetime) -> None:
    if engine.world.customer is not None and engine.world.is_settled:
        assert engine.members() == engine.world.members(now), (case.seed, now)
