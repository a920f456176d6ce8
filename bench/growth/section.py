"""The page's part about growth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench import plots
from bench.markdown import table
from bench.results import Results
from bench.spread import shown

_INTRODUCTION = """## Growth

One thing grows at a time; the events beside it stay the same: purchases that five segments ask for,
ten customers, bulks of 100, unless the table says otherwise. Calls and units are those of process
and segment for each event. Times are CPU time for each event, as a multiple of the floor of the
same run: the same calls by botocore alone, with parameters that lie ready and answers that are
there at once."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """What grows, and what is to be expected."""

    title: str
    explanation: str


_AXES = {
    "history": _Axis(
        "Events in the customer's history",
        """Ten new purchases of one customer, who has made so many before, one every ten minutes.
Flat: no event reads the history.""",
    ),
    "segments": _Axis(
        "Segments of the store",
        "Five of them ask for the event. Flat: the others are not looked at.",
    ),
    "touched": _Axis(
        "Segments that ask for the event",
        """Not flat, as each of them has its evidence to keep. One item for each customer holds it
all, and grows by units of 1 KB.""",
    ),
    "customers": _Axis("Customers of the store", "Flat: everything is found by its key."),
    "batch": _Axis(
        "Events in a request",
        """Each request is handed on by itself, as in quiet times; its events are of ten customers
in turn. Falling: the customers of a batch are read once, and their states are written once.""",
    ),
}


def section(results: Results) -> str:
    """Return the part: an explanation, and for each axis a table and a plot."""
    parts = [_INTRODUCTION]
    for name, axis in _AXES.items():
        sizes, title = results[name], axis.title
        parts += [f"### {title}", axis.explanation, _table(title, sizes), _plot(name, title, sizes)]
    return "\n\n".join(parts)


def _table(title: str, sizes: Mapping[str, Any]) -> str:
    heads = (
        title,
        "calls",
        "write units",
        "read units",
        "process, times its floor",
        "segment, times its floor",
    )
    return table(heads, [_row(size, cost) for size, cost in sizes.items()])


def _row(size: str, cost: Mapping[str, Any]) -> Sequence[str]:
    return (
        f"{int(size):,}",
        f"{cost['calls']:.2f}",
        f"{cost['writeUnits']:.2f}",
        f"{cost['readUnits']:.2f}",
        *(shown(cost["timesTheFloor"][name]) for name in ("process", "segment")),
    )


def _plot(axis: str, title: str, sizes: Mapping[str, Any]) -> str:
    """Draw the time of each function beside that of the smallest size."""
    series = {
        name: [
            (int(size), cost["microseconds"][name]["function"]["median"])
            for size, cost in sizes.items()
            if size != "0"  # has no place on a scale of powers of ten
        ]
        for name in ("process", "segment")
    }
    return plots.lines(
        f"growth-{axis}",
        f"CPU time of an event, in microseconds of this machine, by {title[0].lower()}{title[1:]}",
        series,
        x_title=title,
        y_title="microseconds",
    )
