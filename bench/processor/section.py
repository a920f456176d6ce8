"""The page's part about CPU time and memory."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import plots
from bench.markdown import table
from bench.results import Results
from bench.spread import shown

TARGETS = {"process": 2.0, "segment": 1.5}
"""How many times the floor a function may take, with bulks of known customers."""

_TARGETED = ("known", "unique")
_PROFILED = {"process": "known", "catalogue": "known", "segment": "known", "publish": "entering"}
_HISTORY = Path(__file__).parent / "history.md"

_INTRODUCTION = """## CPU and memory

The functions run in one process, over and over, with the answers that they were given before: the
transport is a stub, all else takes place. Times are CPU time for each event, in microseconds of
this machine. The *floor* of a function are the same AWS requests, made by bare botocore clients
from parameters that lie ready: it neither reads an event nor decides anything. Function and floor
take turns, and a ratio is of one turn: median (minimum to maximum). The last column is the floor
once more, with clients set as Footfall sets its own. *Calls* are AWS requests for each event.

A function that makes two requests for a thousand events, as catalogue does, has next to no floor:
there the microseconds count, and not the ratio."""

_MEMORY = """### Memory

*At start* is what a new process with the function and its first client has in memory, all of Python
among it; *at work* is the most that one invocation added to that, traced in a run of its own: a
full batch, with all that it was given and answered."""

_PROFILE = """### Where the time goes

The five that take the most time of their own, in a profiled run of its own; a profile makes many
small calls look dearer than they are."""


def section(results: Results) -> str:
    """Return the part: a table and a plot of times, one of memory, and the profiles."""
    scenarios = results["scenarios"]
    return "\n\n".join(
        [
            _INTRODUCTION,
            _times(scenarios),
            _plot(scenarios),
            _MEMORY,
            _memory(scenarios, results["residentAtStart"]),
            _PROFILE,
            _profiles(scenarios),
            _HISTORY.read_text(encoding="utf-8").strip(),
        ]
    )


def _measured(
    scenarios: Mapping[str, Any],
) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Yield function, scenario, its title and what was found, function by function."""
    functions = dict.fromkeys(name for one in scenarios.values() for name in one["functions"])
    for function in functions:
        for name, one in scenarios.items():
            if function in one["functions"]:
                yield function, name, one["title"], one["functions"][function]


def _times(scenarios: Mapping[str, Any]) -> str:
    heads = ("", "calls", "µs", "floor, µs", "times the floor", "target", "times its own calls")
    return table(
        heads,
        [
            (
                f"**{function}**, {title}",
                f"{found['calls']:.3g}",
                f"{found['microseconds']['function']['median']:,.0f}",
                f"{found['microseconds']['floor']['median']:,.0f}",
                shown(found["timesTheFloor"]),
                _target(function, name, found),
                shown(found["timesItsOwnCalls"]),
            )
            for function, name, title, found in _measured(scenarios)
        ],
    )


def _target(function: str, scenario: str, found: Mapping[str, Any]) -> str:
    if function not in TARGETS or scenario not in _TARGETED:
        return ""
    target = TARGETS[function]
    outcome = "met" if found["timesTheFloor"]["median"] <= target else "**missed**"
    return f"{target:.3g}, {outcome}"


def _plot(scenarios: Mapping[str, Any]) -> str:
    return plots.bars(
        "processor-times-the-floor",
        "CPU time as a multiple of bare botocore's, for the same requests",
        {
            f"{function}, {name}": found["timesTheFloor"]["median"]
            for function, name, _, found in _measured(scenarios)
        },
        unit="times the floor",
    )


def _memory(scenarios: Mapping[str, Any], at_start: Mapping[str, float]) -> str:
    peaks: dict[str, float] = {}
    for function, _, _, found in _measured(scenarios):
        peaks[function] = max(peaks.get(function, 0), found["peakMegabytes"])
    rows = [(name, f"{at_start[name]:.0f}", f"{peak:.1f}") for name, peak in peaks.items()]
    return table(("", "at start, MB", "at work, MB"), rows)


def _profiles(scenarios: Mapping[str, Any]) -> str:
    return table(
        ("", *(f"{place}." for place in range(1, 6))),
        [
            (f"**{function}**", *_top(scenarios[name]["functions"][function]["top"]))
            for function, name in _PROFILED.items()
        ],
    )


def _top(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    return (f"`{one['name']}` {one['share']:.0%}" for one in found)
