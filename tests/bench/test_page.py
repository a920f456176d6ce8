"""docs/performance.md and its plots are what results.json says, and nothing else."""

from pathlib import Path

import pytest

from bench import page, plots


def test_the_page_and_its_plots_are_those_of_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {page.PAGE.name: page.PAGE.read_bytes()} | _files_in(plots.PLOTS)
    monkeypatch.setattr(page, "PAGE", tmp_path / page.PAGE.name)
    monkeypatch.setattr(plots, "PLOTS", tmp_path)

    page.write_page()

    written = _files_in(tmp_path)
    assert written.keys() == kept.keys()
    assert [name for name in kept if written[name] != kept[name]] == []


def _files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}
