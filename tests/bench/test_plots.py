"""A plot is a picture, the same on every machine."""

from pathlib import Path

import pytest

from bench import plots


def test_a_plot_tells_nothing_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "PLOTS", tmp_path / "plots")
    line = plots.bars("cost", "Cost", {"few": 1.0, "many": 2.0}, unit="dollars")
    drawn = (tmp_path / "plots" / "cost.svg").read_text()
    assert line == "![Cost](plots/cost.svg)"
    assert "many" in drawn
    assert "prefers-color-scheme" in drawn
    assert "<script" not in drawn
    assert "file:" not in drawn
