"""The page's part about the whole way of an event, on the local cloud."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import plots
from bench.end_to_end.emulator import BATCH
from bench.end_to_end.shops import BULK
from bench.markdown import table
from bench.results import Results
from bench.spread import shown

PEER_ACCEPTED = 4_730
PEER_STORED = 245
"""Events a second that the peer of the target reached at best, on two such cores."""

_PACES: Mapping[str, str] = {
    "single, stored later": "one event a request, queue paused",
    "single": "one event a request",
    "bulk, stored later, one connection": "bulks of 100, queue paused, one connection",
    "bulk, stored later": "bulks of 100, queue paused",
    "bulk": "bulks of 100",
    "bulk, unique, stored later": "bulks of 100 with `uniqueId`, queue paused",
    "bulk, unique": "bulks of 100 with `uniqueId`",
    "bulk, new people": "bulks of 100, each event of somebody new",
    "bulk, new people, unique": "bulks of 100, each of somebody new, with `uniqueId`",
}
_LATENCIES: Mapping[str, str] = {
    "timeline": "from the event's answer to its timeline",
    "entry": "from the event's answer to the list of members",
    "exit": "from the window's end to being off that list",
}
_WORK: Mapping[str, tuple[str, str]] = {
    "one event in its own request, accepted": ("single, stored later", "accepting"),
    "an event of a bulk, accepted": ("bulk, stored later", "accepting"),
    "an event of a bulk, stored": ("bulk, stored later", "storing"),
    "the same with uniqueId, stored": ("bulk, unique, stored later", "storing"),
}
_INTRODUCTION = f"""## End to end, on the local cloud

The client, the front, the emulator that plays all of AWS in one Python process, and the processes
of the functions share this machine: the figures say what its processors can do, not what AWS does.
Events come over four connections for four stores, from 500 people of each. An event is accepted
when its request is answered with 202, and stored when nothing of it is left in the queue. *Queue
paused* means that nothing is taken from the queue until all is accepted; its stored events are
those of the backlog, from then on.

The targets are what an open-source peer (Node, MariaDB, Redis, no deduplication) reached at best on
two such cores: {PEER_ACCEPTED:,} events accepted a second with its worker paused, and {PEER_STORED}
stored."""
_EMULATOR = """### The emulator's own pace

The same requests that Footfall makes, ready-made, by no SDK and through no Footfall: what would be
left if all of our own work cost nothing."""


def section(results: Results) -> str:
    """Return the part: targets, paces, latencies, the work's division, and the emulator's pace."""
    return "\n\n".join(
        (
            _INTRODUCTION,
            _targets(results),
            "### Paces",
            _paces(results["paces"]),
            "### Latencies",
            "With 20 other events a second.",
            _latencies(results["latencies"]),
            "### Who works on an event",
            _work(results["paces"]),
            _plot(results["paces"]),
            _EMULATOR,
            _emulator(results["emulator"]),
            "### What made it faster",
            Path(__file__).with_name("history.md").read_text(encoding="utf-8").strip(),
        )
    )


def _targets(results: Results) -> str:
    paces, alone = results["paces"], _emulator_alone(results["emulator"])
    known, unique = paces["bulk"]["storedPerSecond"], paces["bulk, unique"]["storedPerSecond"]
    accepted = paces["bulk, stored later"]["acceptedPerSecond"]
    rows = (
        ("bulk accepted, queue paused", accepted, f"over {PEER_ACCEPTED:,}", PEER_ACCEPTED),
        ("stored", known, f"over {PEER_STORED}", PEER_STORED),
        ("stored with `uniqueId`", unique, f"near {PEER_STORED}", PEER_STORED),
    )
    return table(
        ("events a second", "Footfall", "target", "times the target", "the emulator alone"),
        [
            (
                title,
                shown(found, 0),
                target,
                f"{found['median'] / wanted:.1f}",
                f"{ceiling:,.0f}",
            )
            for (title, found, target, wanted), ceiling in zip(rows, alone, strict=True)
        ],
    )


def _emulator_alone(emulator: Results) -> tuple[float, float, float]:
    """Return the events that the emulator could accept, store, and store once, in a second.

    It does one thing at a time, so the seconds of all the requests that an event needs add up.
    """
    seconds = {title: 1 / pace["perSecond"]["median"] for title, pace in emulator.items()}
    accepting = (
        seconds["a function that does nothing, through the gateway"]
        + seconds["send_message of a bulk"]
    ) / BULK
    storing = seconds["batch_write_item of 25 events"] / BATCH
    claiming = seconds["conditional put_item of a marker"]
    return 1 / accepting, 1 / storing, 1 / (storing + claiming)


def _paces(paces: Results) -> str:
    return table(
        ("events come as", "accepted a second", "stored a second", "milliseconds to the answer"),
        [
            (
                title,
                shown(paces[name]["acceptedPerSecond"], 0),
                shown(paces[name]["storedPerSecond"], 0),
                shown(_milliseconds(paces[name]["secondsToAnswer"]), 0),
            )
            for name, title in _PACES.items()
        ],
    )


def _milliseconds(seconds: Mapping[str, float]) -> Mapping[str, float]:
    return {part: 1_000 * value for part, value in seconds.items()}


def _latencies(latencies: Results) -> str:
    parts = ("minimum", "median", "p99", "maximum")
    return table(
        ("", "samples", *parts),
        [
            (
                title,
                str(latencies[name]["samples"]),
                *(f"{latencies[name][part]:.2f} s" for part in parts),
            )
            for name, title in _LATENCIES.items()
        ],
    )


def _work(paces: Results) -> str:
    return table(
        ("CPU time, in microseconds", "all", "MiniStack's share"),
        [
            (
                title,
                f"{sum(parts.values()):,.0f}",
                f"{parts['MiniStack'] / sum(parts.values()):.0%}",
            )
            for title, parts in _divided(paces).items()
        ],
    )


def _plot(paces: Results) -> str:
    """Draw whose time an event takes; a request of its own would dwarf the others."""
    of_bulks = dict([*_divided(paces).items()][1:])
    return plots.bars(
        "end-to-end-work",
        "CPU time of an event, by who works on it",
        of_bulks,
        unit="microseconds of this machine",
    )


def _divided(paces: Results) -> Mapping[str, Mapping[str, float]]:
    """Return the microseconds of each part of the cloud, but for those that do nothing of it."""
    found: dict[str, dict[str, Any]] = {}
    for title, (load, work) in _WORK.items():
        parts = paces[load]["processorMicroseconds"][work]
        found[title] = {part: used for part, used in parts.items() if used >= 1}
    return found


def _emulator(emulator: Results) -> str:
    return table(
        ("request", "answered a second"),
        [(title, shown(pace["perSecond"], 0)) for title, pace in emulator.items()],
    )
