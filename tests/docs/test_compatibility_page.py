"""What the page of compatibility promises is backed by tests that exist."""

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.documents import ROOT, section

PAGE = (ROOT / "docs" / "compatibility.md").read_text()
FAMILIES = (
    "Redo",
    "Klaviyo",
    "Customer.io Track v1",
    "Customer.io Track v2",
    "Customer.io Pipelines and the browser",
    "Yotpo",
    "CSV",
)
HEAD = "| Feature | Status | How, and what shows it |"
STATUSES = {"works", "differs", "not offered"}
_TEST = re.compile(r"`(tests/[\w./-]+)(?:::(\w+))?`")


@dataclass(frozen=True)
class Row:
    family: str
    feature: str
    status: str
    evidence: str

    @property
    def tests(self) -> Sequence[tuple[str, str]]:
        """The tests it names: a path, and the name of a function or nothing."""
        return _TEST.findall(self.evidence)


def _rows() -> Iterator[Row]:
    for family in FAMILIES:
        lines = [line for line in section(PAGE, family).splitlines() if line.startswith("|")]
        assert lines[:2] == [HEAD, "|---|---|---|"], family
        for line in lines[2:]:
            feature, status, evidence = (cell.strip() for cell in line.split("|")[1:-1])
            yield Row(family, feature, status, evidence)


ROWS = list(_rows())


def _functions(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_features_and_each_stands_there_once(family: str) -> None:
    features = [row.feature for row in ROWS if row.family == family]
    assert features
    assert len(features) == len(set(features))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.family}: {row.feature}")
def test_every_feature_has_a_status_and_what_works_names_a_test(row: Row) -> None:
    assert row.status in STATUSES
    assert row.tests or row.status != "works"
    assert row.evidence or row.status == "not offered"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.family}: {row.feature}")
def test_every_test_that_is_named_exists(row: Row) -> None:
    for path, name in row.tests:
        assert (ROOT / path).is_file(), path
        assert not name or name in _functions(ROOT / path), name


def _pinned() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "requirements").glob("sdk-*.in"):
        yield from re.findall(r"^([\w-]+)==(\S+)", path.read_text(), re.MULTILINE)
    package_file = ROOT / "tests" / "sdks" / "node" / "package.json"
    yield from json.loads(package_file.read_text())["dependencies"].items()


@pytest.mark.parametrize(("package", "version"), sorted(_pinned()))
def test_every_sdk_is_named_with_the_version_that_is_tried(package: str, version: str) -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith(f"| `{package}`")]
    assert any(version in line for line in lines)
