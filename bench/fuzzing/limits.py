"""What a run may show: no break, no hang, nothing dead, and no memory that goes on growing."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.e2e.cloud_processes import EMULATOR

MOST_GROWTH = 8.0
"""MiB that the second half of a run may add to a process: caches that are still filling."""

MOST_PEAK = 400.0
"""MiB that one input may take for a moment: a function has 512, and some of them before any."""

_SERVER_ERROR = "5"


def findings_of(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield everything that the run shows and must not."""
    yield from _of_stack(results["stack"])
    for name, outcome in results["parsers"].items():
        yield from _of_parser(name, outcome)


def server_errors(statuses: Mapping[str, int]) -> int:
    """Return how many of the answers of an operation were 5xx."""
    return sum(count for status, count in statuses.items() if status.startswith(_SERVER_ERROR))


def _of_stack(stack: Mapping[str, Any]) -> Iterator[str]:
    for title, operations in stack["findings"].items():
        yield f"{title}: {', '.join(map(str, operations))}"
    for operation, statuses in stack["statuses"].items():
        if broken := server_errors(statuses):
            yield f"{operation}: answered with 5xx {broken} times"
    if stack["deadLetters"]:
        yield f"{stack['deadLetters']} accepted events are dead"
    for kind, memory in stack["memory"].items():
        if kind != EMULATOR:  # it keeps what it is sent, so it grows with every request
            yield from _of_memory(kind, memory)


def _of_parser(name: str, outcome: Mapping[str, Any]) -> Iterator[str]:
    for place, told in outcome["findings"].items():
        yield f"{name}: {place}: {told}"
    yield from _of_memory(name, outcome["memory"])


def _of_memory(name: str, memory: Mapping[str, float]) -> Iterator[str]:
    if memory["growth"] > MOST_GROWTH:
        yield f"{name}: {memory['growth']} MiB more in the second half"
