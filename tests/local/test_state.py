"""The state directory: one local cloud at a time, and none of it forgotten while it runs."""

from pathlib import Path

import pytest

from local import clean
from local.state import StateTakenError, claimed_state


def test_a_second_cloud_is_told_that_the_directory_is_in_use(tmp_path: Path) -> None:
    with claimed_state(tmp_path), pytest.raises(StateTakenError), claimed_state(tmp_path):
        pass


def test_the_directory_is_free_again_after_the_end(tmp_path: Path) -> None:
    with claimed_state(tmp_path / "state"):
        pass
    with claimed_state(tmp_path / "state"):
        pass


def test_cleaning_forgets_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    (state / "logs").mkdir(parents=True)
    monkeypatch.setattr(clean, "STATE", state)

    assert clean.main() == 0
    assert not state.exists()


def test_cleaning_leaves_a_running_cloud_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(clean, "STATE", tmp_path)

    with claimed_state(tmp_path):
        assert clean.main() == 1
    assert "stop it first" in capsys.readouterr().err
    assert tmp_path.exists()
