"""Segments as files: one JSON file a segment, named after its id, checked before it is sent."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.screen import counted
from footfall.contracts.segments import read_segment
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.strict_json import InvalidJsonError, parse_json
from footfall.domain.values import JsonValue
from footfall.errors import PermanentError
from footfall.segments.definitions import SEGMENT_ID, Node

_TAKEN_ID = "preview"
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """A segment as its file describes it.

    Attributes:
        segment_id: the file's name without `.json`.
    """

    path: Path
    segment_id: str
    name: str
    definition: Node


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing to change in a file."""

    path: Path
    fault: Fault

    def __str__(self) -> str:
        """Return file, JSON pointer and what is asked for."""
        place = f"{self.path}: {self.fault.pointer}" if self.fault.pointer else str(self.path)
        return f"{place}: {self.fault.detail}"


class FaultySegmentFilesError(PermanentError):
    """The files cannot be applied; every fault is listed."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        files = len({one.path for one in faults})
        super().__init__(
            f"{counted(len(faults), 'fault')} in {counted(files, 'file')}; nothing was sent."
        )
        self.faults = tuple(faults)


class NoSegmentFilesError(PermanentError):
    """A folder that was named holds no segment."""


def read_files(paths: Iterable[Path]) -> list[SegmentFile]:
    """Return the segments of the files, and of the folders' files, by id.

    Raises:
        NoSegmentFilesError: when a folder holds none.
        FaultySegmentFilesError: with every fault of every file.
    """
    files: dict[str, SegmentFile] = {}
    faults: list[FileFault] = []
    for path in _files(paths):
        try:
            file = read_file(path)
        except FaultyDocumentError as error:
            faults += [FileFault(path, fault) for fault in error.faults]
            continue
        first = files.setdefault(file.segment_id, file)
        if first.path.resolve() != path.resolve():
            faults.append(FileFault(path, Fault("", f"{first.path} is the same segment.")))
    if faults:
        raise FaultySegmentFilesError(faults)
    return sorted(files.values(), key=lambda file: file.segment_id)


def read_file(path: Path) -> SegmentFile:
    """Return the segment that a file describes.

    Raises:
        FaultyDocumentError: with every fault of the file.
    """
    faults: list[Fault] = []
    if path.suffix != _SUFFIX or not re.fullmatch(SEGMENT_ID, path.stem):
        detail = "The file's name must be the segment's id, 1 to 64 letters, digits, `_` or `-`"
        faults.append(Fault("", f"{detail}, and `{_SUFFIX}`."))
    if path.stem == _TAKEN_ID:
        faults.append(Fault("", f"No segment can have the id `{_TAKEN_ID}`: a route is called so."))
    try:
        name, definition = read_segment(_read_json(path))
    except FaultyDocumentError as error:
        raise FaultyDocumentError([*faults, *error.faults]) from None
    if faults:
        raise FaultyDocumentError(faults)
    return SegmentFile(path, path.stem, name, definition)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.glob(f"*{_SUFFIX}"))
        if not found:
            raise NoSegmentFilesError(f"The folder {path} holds no file that ends in {_SUFFIX}.")
        yield from found


def _read_json(path: Path) -> JsonValue:
    try:
        return parse_json(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise FaultyDocumentError([Fault("", "Must be UTF-8.")]) from None
    except InvalidJsonError as error:
        raise FaultyDocumentError([Fault("", f"Must be JSON: {error}.")]) from None
