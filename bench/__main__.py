"""Runs the measures, keeps what they found in results.json, and writes the page.

make bench                           all measures, about half an hour
make bench MEASURE="bill growth"     these only; the others' results stay
make bench MEASURE=--page            only the page and its plots, from results.json
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module

from bench.measures import MEASURES, ON_REQUEST, command_of
from bench.page import write_page
from bench.results import keep_results


def main() -> None:
    """Measure what is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("measures", nargs="*", metavar="measure", help=", ".join(_known()))
    parser.add_argument("--page", action="store_true", help="only write the page")
    asked = parser.parse_args()
    if unknown := set(asked.measures) - set(_known()):
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    if not asked.page:
        if len(asked.measures) == 1:
            _measure(asked.measures[0])
        else:
            _run_alone(asked.measures or MEASURES)
    write_page()


def _known() -> tuple[str, ...]:
    return (*MEASURES, *ON_REQUEST)


def _measure(name: str) -> None:
    keep_results(name, import_module(f"bench.{name}.measure").measure())


def _run_alone(measures: Sequence[str]) -> None:
    """Run each measure in a process of its own: what one leaves in memory slows no other."""
    for number, measure in enumerate(measures, start=1):
        print(f"{number}/{len(measures)}  {command_of(measure)}", flush=True)
        subprocess.run([sys.executable, "-m", "bench", measure], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
