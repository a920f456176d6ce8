import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from footfall.aws.event_bus import MAX_ENTRY_BYTES, BusEntry, DetailType, put_entries
from footfall.errors import TransientError
from footfall.settings import Setting, is_set
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import NOON
from tests.moto_cloud import moto_cloud


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    slept: list[float] = []
    monkeypatch.setattr("footfall.aws.attempts.time", SimpleNamespace(sleep=slept.append))
    with moto_cloud():
        yield slept


def entry(number: int, text: str = "") -> BusEntry:
    return BusEntry.of(DetailType.EVENT_STORED, NOON, {"n": number, "text": text})


def numbers(parameters: Mapping[str, Any]) -> list[int]:
    return [json.loads(one["Detail"])["n"] for one in parameters["Entries"]]


class Bus:
    """Stands for EventBridge where it answers that some entries failed."""

    def __init__(self, code_of: Callable[[int, int], str | None]) -> None:
        """Take what says which code an entry meets: by its number, and the number of the call."""
        self.code_of = code_of
        self.calls: list[list[int]] = []
        self.taken: list[int] = []

    def __call__(self, _carry_out: CarryOut, call: Call) -> object:
        _, parameters = call
        offered = numbers(parameters)
        self.calls.append(offered)
        codes = [self.code_of(number, len(self.calls)) for number in offered]
        self.taken += [number for number, code in zip(offered, codes, strict=True) if not code]
        return {
            "FailedEntryCount": sum(map(bool, codes)),
            "Entries": [{"ErrorCode": code} if code else {"EventId": "e"} for code in codes],
        }


def test_ten_entries_a_call_in_their_order() -> None:
    bus = Bus(lambda _number, _call: None)
    with around_every_call(bus):
        outcome = put_entries([entry(n) for n in range(23)])

    assert bus.calls == [list(range(10)), list(range(10, 20)), [20, 21, 22]]
    assert (outcome.done, outcome.refused, outcome.stopped_by) == (23, {}, None)


def test_nothing_to_put_is_no_call() -> None:
    bus = Bus(lambda _number, _call: None)
    with around_every_call(bus):
        assert put_entries([]).done == 0
    assert bus.calls == []


def test_a_call_stays_within_the_size_that_the_bus_takes() -> None:
    bus = Bus(lambda _number, _call: None)
    third = MAX_ENTRY_BYTES // 3
    with around_every_call(bus):
        put_entries([entry(n, "\u00e9" * (third // 2 - 100)) for n in range(7)])

    assert bus.calls == [[0, 1, 2], [3, 4, 5], [6]]


def test_the_size_is_the_one_that_eventbridge_counts() -> None:
    detail = '{"n":1,"text":"\u00e9"}'
    assert entry(1, "\u00e9").size == 14 + len("footfall" + "event.stored" + detail) + 1


def test_only_what_failed_is_put_again(pauses: list[float]) -> None:
    bus = Bus(lambda n, call: "InternalFailure" if n in (3, 7) and call < 3 else None)
    with around_every_call(bus):
        outcome = put_entries([entry(n) for n in range(12)])

    assert bus.calls == [list(range(10)), [3, 7], [3, 7], [10, 11]]
    assert sorted(bus.taken) == list(range(12))
    assert outcome.stopped_by is None
    assert len(pauses) == 2


def test_after_what_is_left_nothing_more_is_put(pauses: list[float]) -> None:
    bus = Bus(lambda n, _call: "ThrottlingException" if n in (13, 17) else None)
    with around_every_call(bus):
        outcome = put_entries([entry(n) for n in range(30)])

    assert outcome.done == 13
    assert isinstance(outcome.stopped_by, TransientError)
    assert "ThrottlingException" in str(outcome.stopped_by)
    assert sorted(bus.taken) == [n for n in range(20) if n not in (13, 17)]
    assert len(bus.calls) == 7
    assert len(pauses) == 5
    assert max(pauses) <= 1


@pytest.mark.parametrize("code", ["MalformedDetail", "InvalidArgument"])
def test_what_can_never_be_taken_stops_nothing(code: str) -> None:
    bus = Bus(lambda n, _call: code if n in (3, 14) else None)
    with around_every_call(bus):
        outcome = put_entries([entry(n) for n in range(15)])

    assert outcome.refused == dict.fromkeys((3, 14), f"events.PutEvents: {code}")
    assert (outcome.done, outcome.stopped_by) == (15, None)
    assert len(bus.calls) == 2


def test_what_is_refused_beyond_the_one_that_is_left_comes_again() -> None:
    codes = {2: "MalformedDetail", 5: "ThrottlingException", 8: "MalformedDetail"}
    with around_every_call(Bus(lambda n, _call: codes.get(n))):
        outcome = put_entries([entry(n) for n in range(10)])

    assert (outcome.done, list(outcome.refused)) == (5, [2])


def failing(code: str, bad: Sequence[int], calls: list[list[int]]) -> Callable[..., object]:
    def stand_around(carry_out: CarryOut, call: Call) -> object:
        _, parameters = call
        calls.append(numbers(parameters))
        if set(bad) & set(calls[-1]):
            raise ClientError({"Error": {"Code": code, "Message": "secret"}}, "PutEvents")
        return carry_out()

    return stand_around


def test_a_call_that_is_refused_whole_is_halved_until_the_bad_one_stands_alone() -> None:
    calls: list[list[int]] = []
    with around_every_call(failing("ValidationException", [2], calls)):
        outcome = put_entries([entry(n) for n in range(5)])

    assert calls == [[0, 1, 2, 3, 4], [0, 1], [2, 3, 4], [2], [3, 4]]
    assert outcome.refused == {2: "events.PutEvents: ValidationException"}
    assert (outcome.done, outcome.stopped_by) == (5, None)


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "Unheard"])
def test_a_call_that_fails_whole_leaves_its_first_entry(code: str) -> None:
    calls: list[list[int]] = []
    with around_every_call(failing(code, [15], calls)):
        outcome = put_entries([entry(n) for n in range(30)])

    assert (outcome.done, str(outcome.stopped_by)) == (10, f"events.PutEvents: {code}")


def test_whether_there_is_a_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_set(Setting.EVENT_BUS_NAME, {"EVENT_BUS_NAME": "footfall"})
    assert not is_set(Setting.EVENT_BUS_NAME, {"EVENT_BUS_NAME": ""})
    assert is_set(Setting.EVENT_BUS_NAME)
    monkeypatch.delenv("EVENT_BUS_NAME")
    assert not is_set(Setting.EVENT_BUS_NAME)
