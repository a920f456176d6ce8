"""The page's part about ingest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import plots
from bench.ingest.purchases import TARGET
from bench.markdown import table
from bench.results import Results
from bench.spread import shown

_TARGET_RATIO = 3
_INTRODUCTION = """## Ingest

The CPU time of the real handler for a real request, as a multiple of the floor: `json.loads` of the
same body, and one `send_message` of the very message that the handler sent, by a client as boto3
makes it. Both are answered at once by a stub in the place of the network; all of botocore takes
place in both. *In turn* is one after the other without a pause. *After other work* is with empty
caches, as where requests are seconds apart."""
_PROFILE = """### Where the time of a bulk goes

Own time under the profiler, measured apart; it makes many small calls look dearer than they are."""
_HISTORY = Path(__file__).parent / "history.md"
_KILOBYTE = 1024


def section(results: Results) -> str:
    """Return the part: the ratios of every shape, the profile, and what made it faster."""
    shapes, profile = results["shapes"], results["profile"]
    return "\n\n".join(
        [
            _INTRODUCTION,
            _verdict(shapes[TARGET]),
            _ratios(shapes),
            _plot(shapes),
            _memory(shapes, results["residentBytes"]),
            _PROFILE,
            _functions(profile),
            _packages(profile),
            _HISTORY.read_text(encoding="utf-8").strip(),
        ]
    )


def _verdict(shape: Mapping[str, Any]) -> str:
    ratio = shape["inTurn"]["ratio"]["median"]
    verdict = "met" if ratio <= _TARGET_RATIO else "not met"
    return f"Target: a {shape['title']} in at most {_TARGET_RATIO} times the floor: **{verdict}**."


def _ratios(shapes: Mapping[str, Any]) -> str:
    rows = [
        (
            shape["title"],
            f"{shape['bodyBytes'] / _KILOBYTE:.1f}",
            shown(shape["inTurn"]["ratio"]),
            shown(shape["afterOtherWork"]["ratio"]),
            f"{_microseconds_per_event(shape):.1f}",
        )
        for shape in shapes.values()
    ]
    heads = ("request", "KB", "in turn", "after other work", "µs per event, here")
    return table(heads, rows)


def _microseconds_per_event(shape: Mapping[str, Any]) -> float:
    milliseconds: float = shape["inTurn"]["handlerMilliseconds"]["median"]
    return 1_000 * milliseconds / int(shape["events"])


def _plot(shapes: Mapping[str, Any]) -> str:
    ratios = {shape["title"]: shape["inTurn"]["ratio"]["median"] for shape in shapes.values()}
    return plots.bars("ingest", "CPU time of a request", ratios, unit="times the floor")


def _memory(shapes: Mapping[str, Any], resident: int) -> str:
    largest = max(shapes.values(), key=lambda shape: int(shape["peakBytes"]))
    return (
        f"A {shapes[TARGET]['title']} needs {shapes[TARGET]['peakBytes'] / _KILOBYTE:,.0f} KB of "
        f"memory while it is handled, the largest of these requests ({largest['title']}) "
        f"{largest['peakBytes'] / _KILOBYTE:,.0f} KB. The whole process, this measure in it, had "
        f"{resident / _KILOBYTE**2:,.0f} MB at most after all of them."
    )


def _functions(profile: Mapping[str, Any]) -> str:
    rows = [(f"`{one['name']}`", f"{one['share']:.1%}") for one in profile["functions"]]
    return table(("function", "own time"), rows)


def _packages(profile: Mapping[str, Any]) -> str:
    rows = [(name, f"{share:.0%}") for name, share in profile["packages"].items()]
    return table(("package", "own time"), rows)
