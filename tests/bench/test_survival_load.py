"""The load of a survival run: drawn from a seed, and all that it promises can be asked for."""

from collections import Counter
from datetime import UTC, datetime

from bench.survival.load import Family, draw_load

START = datetime(2026, 4, 2, 12, tzinfo=UTC)


def test_a_seed_draws_the_same_load() -> None:
    assert draw_load(1, START, 25) == draw_load(1, START, 25) != draw_load(2, START, 25)


def test_every_event_has_a_name_by_which_it_is_once() -> None:
    calls = [call for chain in draw_load(1, START, 25) for call in chain.calls]
    assert {call.family for call in calls} == set(Family)
    for call in calls:
        events = call.document.get("events", [call.document] if call.told else [])
        assert len(events) == len(call.told)
        for place, (event, told) in enumerate(zip(events, call.told, strict=True)):
            named = [event.get(name) for name in ("uniqueId", "messageId", "id")]
            named.append(call.idempotency_key and f"{call.idempotency_key}:{place}")
            assert told.token in named


def test_a_token_is_of_one_person_and_often_sent_by_several() -> None:
    told = [one for chain in draw_load(1, START, 25) for call in chain.calls for one in call.told]
    persons = {(one.token, one.person) for one in told}
    assert len(persons) == len({token for token, _ in persons})
    assert sum(times > 1 for times in Counter(one.token for one in told).values()) > 50
