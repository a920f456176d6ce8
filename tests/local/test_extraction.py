"""Code of the local cloud: what is in an archive is extracted once, and is there for everybody."""

import tempfile
import zipfile
from pathlib import Path

import pytest

from local.extraction import SharedArchive


@pytest.fixture(autouse=True)
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def archive(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as written:
        for name, text in files.items():
            written.writestr(zipfile.ZipInfo(name), text)
    return path


def extract(path: Path, directory: Path) -> Path:
    directory.mkdir()
    with SharedArchive(path) as read:
        read.extractall(str(directory))
    return directory


def test_the_same_content_is_extracted_once(tmp_path: Path) -> None:
    first = extract(archive(tmp_path / "first.zip", code="1"), tmp_path / "first")
    second = extract(archive(tmp_path / "second.zip", code="1"), tmp_path / "second")
    assert (first / "code").read_text() == (second / "code").read_text() == "1"
    assert first.resolve() == second.resolve()


def test_other_content_is_extracted_elsewhere(tmp_path: Path) -> None:
    first = extract(archive(tmp_path / "first.zip", code="1"), tmp_path / "first")
    second = extract(archive(tmp_path / "second.zip", code="2"), tmp_path / "second")
    assert ((first / "code").read_text(), (second / "code").read_text()) == ("1", "2")


def test_what_was_left_unfinished_is_extracted_anew(tmp_path: Path) -> None:
    path = archive(tmp_path / "first.zip", code="1")
    extracted = extract(path, tmp_path / "first").resolve()
    unfinished = extracted.with_suffix(".new")
    extracted.rename(unfinished)
    (unfinished / "code").write_text("half")
    assert (extract(path, tmp_path / "second") / "code").read_text() == "1"
