"""docs/performance.md: the sections of all measures, from what results.json keeps."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.measures import MEASURES, ON_REQUEST
from bench.results import read_results

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
_HEAD = Path(__file__).parent / "head.md"


def write_page() -> None:
    """Write the page anew."""
    stored = read_results()
    sections = [_section(name, stored[name]) for name in (*MEASURES, *ON_REQUEST) if name in stored]
    head = _HEAD.read_text(encoding="utf-8").strip()
    PAGE.write_text("\n\n".join([head, *sections]) + "\n", encoding="utf-8")


def _section(measure: str, part: Mapping[str, Any]) -> str:
    text: str = import_module(f"bench.{measure}.section").section(part["results"])
    machine = part["machine"]
    made = (
        f"*`{part['command']}`, {part['measuredAt']}, {machine['cores']} cores of "
        f"{machine['processor']}, Python {machine['python']}.*"
    )
    title, _, rest = text.strip().partition("\n")
    return f"{title}\n\n{made}\n\n{rest.strip()}"
