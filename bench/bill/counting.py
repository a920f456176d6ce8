"""What invocations used, divided by the events they were for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.bill.durations import Lasting, lasting
from bench.bill.requests import requests_of
from bench.bill.units import Meter, Units
from bench.pipeline.recording import Invocation
from cli.cost.prices import Billed
from cli.cost.usage import Usage, together
from footfall.settings import Setting

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """What an event uses.

    Attributes:
        usage: of everything that can be counted, so without the time.
        written, read: units of DynamoDB, by table.
        calls: of AWS, by function.
        state_writes: how many states of customers were written.
        time: of Lambda.
    """

    usage: Usage
    written: Units
    read: Units
    calls: Mapping[str, Decimal]
    state_writes: Decimal
    time: Lasting | None

    def as_json(self) -> Mapping[str, Any]:
        """Return it as results.json keeps it; what depends on the machine stands by itself."""
        found = {
            "usage": _numbers({billed.value: one for billed, one in self.usage.items()}),
            "writeUnits": _numbers(self.written),
            "readUnits": _numbers(self.read),
            "calls": _numbers(self.calls),
            "stateWrites": _number(self.state_writes),
        }
        if self.time is None:
            return found
        return found | {
            "gbSeconds": _number(self.time.modelled),
            "gbSecondsOfCpu": _number(self.time.computing),
        }


def counted(
    invocations: Sequence[Invocation], meter: Meter, *, events: int, is_timed: bool = True
) -> Counted:
    """Return what the invocations used per event.

    Args:
        meter: has seen every write before these.
        is_timed: whether to play the invocations back, to learn how long they last; the cloud that
            they took place in has to be there still.
    """
    for one in invocations:
        assert "LeftOut" not in one.printed, "a record could not be handled"
    before = dict(meter.written), dict(meter.read)
    meter.take(call for one in invocations for call in one.calls)
    written, read = _grown(before[0], meter.written), _grown(before[1], meter.read)
    units = {
        Billed.WRITE_UNITS: sum(written.values(), Decimal(0)),
        Billed.READ_UNITS: sum(read.values(), Decimal(0)),
    }
    functions = sorted({one.function for one in invocations})
    calls = {
        name: Decimal(sum(len(one.calls) for one in invocations if one.function == name))
        for name in functions
    }
    return Counted(
        _each(together([requests_of(invocations), units]), events),
        _each(written, events),
        _each(read, events),
        _each(calls, events),
        Decimal(_state_writes(invocations)) / events,
        _each_time(lasting(invocations), events) if is_timed else None,
    )


def _state_writes(invocations: Sequence[Invocation]) -> int:
    return sum(
        call.operation == "PutItem" and call.parameters["TableName"] == Setting.SEGMENT_STATES_TABLE
        for one in invocations
        for call in one.calls
    )


def _grown(before: Units, after: Units) -> Units:
    return {
        name: one - before.get(name, 0) for name, one in after.items() if one != before.get(name)
    }


def _each(numbers: Mapping[Any, Decimal], events: int) -> Mapping[Any, Decimal]:
    return {name: one / events for name, one in numbers.items() if one}


def _each_time(time: Lasting, events: int) -> Lasting:
    return Lasting(time.modelled / events, time.computing / events)


def _numbers(numbers: Mapping[str, Decimal]) -> Mapping[str, float]:
    return {name: _number(one) for name, one in sorted(numbers.items())}


def _number(number: Decimal) -> float:
    return float(round(number, _DIGITS))
