"""The page's part about cold starts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.cold_start.functions import FUNCTIONS, IN_THE_TREEMAP
from bench.markdown import table
from bench.plots import bars, treemap
from bench.spread import shown

_HISTORY = Path(__file__).with_name("history.md")
_TARGETS = {"authorize": 1.2, "ingest": 1.4}


def section(results: Mapping[str, Any]) -> str:
    """Return it, with a plot of all functions and one of what is imported."""
    functions = results["functions"]
    return "\n\n".join(
        [
            "## Cold starts",
            _introduction(results),
            table(
                ("function", "of the floor", "target", "by the clock", "without .pyc", "calls"),
                [_row(name, functions[name]) for name in FUNCTIONS],
            ),
            bars(
                "cold-start",
                "Cold starts in times of their floor, and what they would take without bytecode",
                {name: _parts(functions[name]) for name in FUNCTIONS},
                unit="times the floor",
            ),
            f"What `{IN_THE_TREEMAP}` imports, in milliseconds of each package for itself:",
            treemap(
                "cold-start-modules",
                f"What {IN_THE_TREEMAP} imports before its first answer",
                results["modules"],
            ),
            _HISTORY.read_text(encoding="utf-8").strip(),
        ]
    )


def _introduction(results: Mapping[str, Any]) -> str:
    which = "Lambda's version" if results["isLambdas"] else "not Lambda's version"
    return (
        f"From a fresh interpreter (Python {results['python']}, {which}) to the answer to its first"
        " event: the handler and its layers, laid out as deployed, are imported, the AWS clients"
        " made, and the event handled; AWS's answers are played back at the HTTP layer. The floor"
        " is the same clients, made by boto3 alone, and the same calls of AWS. Processor time;"
        " boto3 is compiled in every case, as Lambda brings it. Lambda's own part, bringing the"
        " code and starting the interpreter, is in neither."
    )


def _row(name: str, found: Mapping[str, Any]) -> tuple[str, ...]:
    ratio = found["ratio"]
    return (
        name,
        shown(ratio),
        _verdict(ratio["median"], _TARGETS.get(name)),
        shown(found["ratioByTheClock"]),
        shown(found["ratioUncompiled"]),
        f"{found['calls']} ({', '.join(found['services'])})",
    )


def _verdict(ratio: float, target: float | None) -> str:
    if target is None:
        return "none"
    return f"{target}: {'met' if ratio <= target else 'missed'}"


def _parts(found: Mapping[str, Any]) -> Mapping[str, float]:
    compiled = found["ratio"]["median"]
    uncompiled = found["ratioUncompiled"]["median"]
    return {"with .pyc": compiled, "added without": max(0.0, uncompiled - compiled)}
