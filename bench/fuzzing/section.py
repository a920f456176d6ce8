"""Fuzzing's part of the page."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.fuzzing.limits import (
    MOST_GROWTH,
    MOST_PEAK,
    findings_of,
    server_errors,
)
from bench.markdown import table
from tests.e2e.cloud_processes import EMULATOR

_HISTORY = Path(__file__).with_name("history.md")
_MEMORY = ("begin", "middle", "end", "growth")
_MEMORY_HEADS = ("MiB at the begin", "second quarter", "last quarter", "growth")
_CLASSES = ("2", "4", "5")
_SAID = """\
## Fuzzing

For {minutes} minutes, Schemathesis sent {requests:,} requests to the running stack, over {tested}
of the {total} operations of `docs/openapi.json`; at the same time, Hypothesis fed {parsers} parsers
{inputs:,} inputs: arbitrary JSON and bytes, and valid documents spoilt in a few places. What is
declared may come of that, and nothing else.

{targets}

{findings}

Each answer was held against the document: its status, media type, headers and body.

{operations}

The processes of the functions, sampled every two seconds. MiniStack keeps what it is sent:

{workers}

Each parser runs in a process of its own, in which Hypothesis and, for the functions, moto stand as
well. An input may take five seconds of a processor, and {most_peak:g} MiB for a moment. At the end
each is fed its latest inputs again and again, and the memory is that of this time.

{parsed}

{history}
"""


def section(results: Mapping[str, Any]) -> str:
    """Return what was sent, what became of it, and how the memory went."""
    stack, parsers = results["stack"], results["parsers"]
    return _SAID.format(
        minutes=results["minutes"],
        requests=sum(sum(one.values()) for one in stack["statuses"].values()),
        tested=stack["operations"]["tested"],
        total=stack["operations"]["total"],
        parsers=len(parsers),
        inputs=sum(one["examples"] for one in parsers.values()),
        targets=_targets(results),
        findings=_listed(findings_of(results)),
        operations=_operations(stack["statuses"]),
        workers=table(
            ["process", *_MEMORY_HEADS],
            [[kind, *_memory(one)] for kind, one in stack["memory"].items()],
        ),
        most_peak=MOST_PEAK,
        parsed=_parsed(parsers),
        history=_HISTORY.read_text(encoding="utf-8").strip(),
    )


def _targets(results: Mapping[str, Any]) -> str:
    stack, parsers = results["stack"], results["parsers"].values()
    workers = [one["growth"] for kind, one in stack["memory"].items() if kind != EMULATOR]
    broken = sum(server_errors(one) for one in stack["statuses"].values())
    grown = f"at most {MOST_GROWTH:g} MiB"
    return table(
        ["", "target", "measured"],
        [
            ["answers of 5xx", "0", f"{broken}"],
            ["accepted events that died", "0", f"{stack['deadLetters']}"],
            ["findings, hangs among them", "0", f"{len(list(findings_of(results)))}"],
            [
                "what the second half of the run added to a function's process",
                grown,
                f"{max(workers, default=0):g} MiB",
            ],
            [
                "and to a parser's",
                grown,
                f"{max(one['memory']['growth'] for one in parsers):g} MiB",
            ],
        ],
    )


def _operations(statuses: Mapping[str, Mapping[str, int]]) -> str:
    rows = [
        [
            f"`{operation}`",
            f"{sum(counts.values()):,}",
            *(_of_class(counts, one) for one in _CLASSES),
        ]
        for operation, counts in sorted(statuses.items())
    ]
    return table(["operation", "requests", "2xx", "4xx", "5xx"], rows)


def _of_class(counts: Mapping[str, int], first: str) -> str:
    return f"{sum(count for status, count in counts.items() if status.startswith(first)):,}"


def _parsed(parsers: Mapping[str, Any]) -> str:
    rows = [
        [
            name,
            f"{one['examples']:,}",
            f"{one['taken']:,}",
            f"{one['slowestSeconds']:.2f}",
            *_memory(one["memory"]),
            f"{one['peak']:.0f}",
        ]
        for name, one in parsers.items()
    ]
    return table(
        ["parser", "inputs", "of them taken", "slowest input, s", *_MEMORY_HEADS, "peak"], rows
    )


def _memory(memory: Mapping[str, float]) -> Iterable[str]:
    return (f"{memory[part]:.1f}" for part in _MEMORY)


def _listed(findings: Iterable[str]) -> str:
    listed = [f"- {finding.splitlines()[0]}" for finding in findings]
    return (
        "\n".join(["Findings of this run:", "", *listed]) if listed else "This run found nothing."
    )
