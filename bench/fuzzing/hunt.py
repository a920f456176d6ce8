"""Feeds one parser for some seconds, in a process of its own, and writes down what came of it.

    python -m bench.fuzzing.hunt <parser> <seconds> <seed> <file>

At the end it is fed its latest inputs again and again: what its memory gains by that is growth.
"""

import json
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from bench.fuzzing.limits import MOST_PEAK
from bench.fuzzing.memory import (
    forget_peak,
    give_back_what_is_free,
    growth_of,
    peak_mebibytes,
    resident_mebibytes,
)
from bench.fuzzing.parsers.catalogue import PARSERS
from bench.fuzzing.parsers.parser import Parser

SECONDS_FOR_ONE = 5.0
"""Of a processor, for one input; what takes longer hangs."""

_SHOWN_CHARACTERS = 600
_SHARE_OF_THE_NEW = 0.75
_INPUTS_FED_AGAIN = 25
_LEAST_PASSES = 9
_MOST_PASSES = 40


class HangError(BaseException):
    """One input takes too long; no exception handler of the parser may take it for a fault."""


class Hunt:
    """One parser's run.

    Attributes:
        examples: how many inputs the parser was fed.
        taken: how many of them it did not refuse.
        peak: the most MiB that one of them took for a moment.
        findings: where in the product it broke, to what was found there.
    """

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self.examples = 0
        self.taken = 0
        self.slowest = 0.0
        self.peak = 0.0
        self._latest: deque[Any] = deque(maxlen=min(_INPUTS_FED_AGAIN, parser.inputs_of_a_round))
        self.findings: dict[str, str] = {}

    def run(self, seconds: float, number: int) -> list[float]:
        """Feed the parser; return its memory while it was fed the last of it again and again."""
        began = time.monotonic()
        self._round(number)
        while time.monotonic() < began + _SHARE_OF_THE_NEW * seconds:
            number += 1
            self._round(number)
        return self._fed_again(began + seconds)

    def _fed_again(self, until: float) -> list[float]:
        """Return the memory after each time that the same inputs are taken.

        What grows then is the parser: Hypothesis is out of it, and nothing new is to be remembered.
        Surroundings that keep what is stored begin anew each time. Others stay as they are, as to
        make them leaves the memory in pieces.
        """
        samples: list[float] = []
        around_all, around_each = self._parser.surroundings, nullcontext
        if self._parser.stores:
            around_all, around_each = around_each, around_all
        with around_all():
            for passes in range(_MOST_PASSES):
                if passes >= _LEAST_PASSES and time.monotonic() > until:
                    break
                with around_each():
                    for one in self._latest:
                        with suppress(Exception, HangError):  # it is a finding already
                            self._parser.take(one)
                give_back_what_is_free()
                samples.append(resident_mebibytes())
        return samples[1:]

    def _round(self, number: int) -> None:
        @seed(number)
        @settings(
            max_examples=self._parser.inputs_of_a_round,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # to shrink what is found could take minutes
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
        )
        @given(self._parser.inputs)
        def take(one: Any) -> None:  # noqa: ANN401 - whatever the parser takes
            self._take(one)

        with self._parser.surroundings():
            try:
                take()
            except (Exception, HangError) as error:  # noqa: BLE001 - this is what is looked for
                self.findings.setdefault(_place(error), _told(error))

    def _take(self, one: Any) -> None:  # noqa: ANN401 - whatever the parser takes
        self._latest.append(one)
        forget_peak()  # to draw an input can take more memory than to read it
        before, began = resident_mebibytes(), time.process_time()
        try:
            with _time_limit():
                self.taken += self._parser.take(one)
            self._check_peak(one, peak_mebibytes() - before)
        except (Exception, HangError) as error:
            error.add_note(f"input: {_shown(one)}")
            raise
        finally:
            self.examples += 1
            self.slowest = max(self.slowest, time.process_time() - began)

    def _check_peak(self, one: Any, peak: float) -> None:  # noqa: ANN401 - as `_take`
        """Note an input that has taken more memory than one may take."""
        self.peak = max(self.peak, peak)
        if peak > MOST_PEAK:
            told = f"{peak:.0f} MiB: {_shown(one)}"
            self.findings.setdefault("too much memory for one input", told)


@contextmanager
def _time_limit() -> Iterator[None]:
    """Interrupt the block when it takes too much of a processor."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise HangError(f"one input takes more than {SECONDS_FOR_ONE} s")

    signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_FOR_ONE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _shown(one: Any) -> str:  # noqa: ANN401 - whatever the parser takes
    return repr(one)[:_SHOWN_CHARACTERS]


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    inside = [one for one in frames if "site-packages" not in one.filename] or frames
    last = inside[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}, {last.name}"


def _told(error: BaseException) -> str:
    notes = [note for note in getattr(error, "__notes__", []) if note.startswith("input")]
    return "\n".join([f"{error}"[:_SHOWN_CHARACTERS], *notes[-1:]])


def main(name: str, seconds: str, number: str, file: str) -> None:
    """Run one parser, and write the outcome into a file as JSON."""
    hunt = Hunt(PARSERS[name])
    memory = growth_of(hunt.run(float(seconds), int(number)))
    outcome = {
        "examples": hunt.examples,
        "taken": hunt.taken,
        "slowestSeconds": round(hunt.slowest, 3),
        "peak": round(hunt.peak, 1),
        "memory": memory.as_json(),
        "findings": hunt.findings,
    }
    Path(file).write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
