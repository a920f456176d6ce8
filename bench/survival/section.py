"""Survival's part of the page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.markdown import table
from bench.plots import bars
from bench.survival.faults import Fault

_HISTORY = Path(__file__).parent / "history.md"

_TEXT = """## What it survives

The stack runs on a local cloud of the measure's own. Between its functions and AWS stands a proxy
that lets {share:.0%} of the calls go wrong, and workers are killed (SIGKILL) at random instants,
about one a second. Meanwhile clients send for {seconds} seconds, and on until all of it is
accepted: single events and bulks, one `uniqueId` from several at once, late events and events
ahead, customers with several identifiers, merges, anonymous visitors who say who they are, orders
that replace one another. Some clients hang up before they are answered. They repeat what was not
accepted, with the same `uniqueId` or `Idempotency-Key`. Amid that, one segment is added and another
one is changed; several have windows that end during the run.

Then everything stored is compared with what the clients know, and profiles, memberships and what
the bus heard with the plainest evaluation of the stored histories (`tests/segments/naive.py`),
again and again until nothing can change any more. {clean} of {runs} runs ended with everything as
promised:

{table}

Recovery is the time from the last fault until every event is stored, every segment live, and every
entry and exit told. Most of it is waiting: a message that a dead worker held is held back for
{visibility} seconds here, and for six minutes where the stack is deployed; a timer that was lost is
found by the next minute's sweep.

{plot}

Not shown by this: MiniStack hands a batch of a stream over again without end, where Lambda gives it
up after ten times and keeps it for people; and its tables are never short of capacity by
themselves."""

_NOT_AS_PROMISED = {
    "lost": "lost",
    "doubled": "stored twice",
    "unheard_of": "stored, but never sent",
    "outdated": "standing in an older state than the last",
    "scattered": "persons with two customers",
    "mixed": "customers of two persons",
    "profiles": "wrong profiles",
    "states": "wrong memberships in the states",
    "members": "wrong memberships in the Members table",
    "counts": "wrong numbers of members",
    "bus": "entries and exits out of turn on the bus",
    "miscounted": "wrong counts in the catalogue",
}
_NOT_PROMISED = {
    "recounted": "counted once too often in the catalogue, as decision 13 says",
    "hidden": "copies left where nobody sees them, as decision 13 says",
}


def section(results: Mapping[str, Any]) -> str:
    """Return the section of these results."""
    runs = results["runs"]
    text = _TEXT.format(
        share=results["shareOfFaults"],
        seconds=results["secondsOfLoad"],
        visibility=results["visibilitySeconds"],
        clean=sum(one["isClean"] for one in runs),
        runs=len(runs),
        table=_table(runs),
        plot=_plot(runs),
    )
    return f"{text}\n\n{_HISTORY.read_text(encoding='utf-8').strip()}"


def _table(runs: Sequence[Mapping[str, Any]]) -> str:
    numbers = {
        "events accepted": [one["accepted"] for one in runs],
        "events of which no client knows the outcome": [one["unknown"] for one in runs],
        "requests": [sum(one["answers"].values()) for one in runs],
        "of these not accepted, so repeated": [_repeated(one) for one in runs],
        "calls of AWS while things went wrong": [sum(one["calls"].values()) for one in runs],
        "of these gone wrong": [sum(one["faults"].values()) for one in runs],
        "workers killed": [sum(one["killed"].values()) for one in runs],
        **{
            f"**{title}**": [one["verdict"][name] for one in runs]
            for name, title in _NOT_AS_PROMISED.items()
        },
        **{title: [one["verdict"][name] for one in runs] for name, title in _NOT_PROMISED.items()},
        "dead letters, driven again with `footfall dlq redrive`": [one["redriven"] for one in runs],
    }
    rows = [[title, *(f"{number:,}" for number in row)] for title, row in numbers.items()]
    rows.append(["recovery", *(_recovery(one["recoverySeconds"]) for one in runs)])
    return table(["", *(f"seed {one['seed']}" for one in runs)], rows)


def _repeated(run: Mapping[str, Any]) -> int:
    accepted = {"200", "202"}
    return sum(number for status, number in run["answers"].items() if status not in accepted)


def _recovery(seconds: float | None) -> str:
    return "not within the run" if seconds is None else f"{seconds:.0f} s"


def _plot(runs: Sequence[Mapping[str, Any]]) -> str:
    drawn = {fault.value: sum(one["faults"].get(fault, 0) for one in runs) for fault in Fault}
    killed = sum(sum(one["killed"].values()) for one in runs)
    title = "What went wrong in these runs"
    return bars("survival-faults", title, {"worker killed": killed, **drawn}, unit="times")
