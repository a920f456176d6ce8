"""What has to happen so that a store's segments are as the files say, and in which order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from graphlib import CycleError, TopologicalSorter

from cli.segment_api import StoredSegment, document_of
from cli.segment_files import FaultySegmentFilesError, FileFault, SegmentFile
from footfall.domain.faults import Fault
from footfall.domain.strict_json import dump_indented_json
from footfall.segments.definitions import Node
from footfall.segments.references import reference_faults, references


@dataclass(frozen=True, slots=True)
class Step:
    """A segment to store: what its file says, and what the store says so far, if anything."""

    file: SegmentFile
    stored: StoredSegment | None

    def difference(self) -> Iterator[str]:
        """Yield the lines of a unified diff, from what is stored to what the file says."""
        if self.stored is None:
            return
        before = _text(self.stored.name, self.stored.definition)
        after = _text(self.file.name, self.file.definition)
        names = ("in the store", str(self.file.path))
        yield from unified_diff(before, after, *names, lineterm="")


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between files and store.

    Attributes:
        steps: what is new or changed; what others refer to comes first.
        unchanged: what the store has as the file says.
        strays: what only the store has; what refers to others comes first.
    """

    steps: Sequence[Step]
    unchanged: Sequence[SegmentFile]
    strays: Sequence[StoredSegment]


def make_plan(
    files: Sequence[SegmentFile], stored: Sequence[StoredSegment], *, prune: bool
) -> Plan:
    """Return what to do.

    Args:
        files: what shall be in the store.
        stored: what is there.
        prune: whether what only the store has is to go.

    Raises:
        FaultySegmentFilesError: when a file refers to a segment that is not going to be there, or
            segments would refer to each other in a circle.
    """
    wanted = {file.segment_id: file for file in files}
    present = {one.segment_id: one for one in stored}
    strays = {key: one.definition for key, one in present.items() if key not in wanted}
    definitions = {key: file.definition for key, file in wanted.items()}
    if not prune:
        definitions |= strays
    faults = list(_faults(files, definitions))
    if faults:
        raise FaultySegmentFilesError(faults)
    steps: list[Step] = []
    unchanged: list[SegmentFile] = []
    for segment_id in _order(definitions):
        if file := wanted.get(segment_id):
            step = Step(file, present.get(segment_id))
            if step.stored is None or any(step.difference()):
                steps.append(step)
            else:
                unchanged.append(file)
    return Plan(steps, unchanged, [present[key] for key in reversed(_order(strays))])


def _order(definitions: Mapping[str, Node]) -> list[str]:
    """Return the segments, each after those that it refers to.

    Raises:
        CycleError: when there is no such order.
    """
    graph = {
        key: sorted(references(definition) & definitions.keys())
        for key, definition in sorted(definitions.items())
    }
    return list(TopologicalSorter(graph).static_order())


def _faults(files: Sequence[SegmentFile], definitions: Mapping[str, Node]) -> Iterator[FileFault]:
    """Yield what is wrong with the references; with their size only if all lead somewhere."""
    circle = _circle(definitions)
    referring = [file for file in files if references(file.definition)]
    misled = [
        file
        for file in referring
        if file.segment_id in circle or not references(file.definition) <= definitions.keys()
    ]
    for file in misled or referring:
        for fault in reference_faults(file.segment_id, file.definition, definitions):
            pointer = f"/definition{fault.pointer}"
            yield FileFault(file.path, Fault(pointer, fault.detail))


def _circle(definitions: Mapping[str, Node]) -> Sequence[str]:
    try:
        _order(definitions)
    except CycleError as error:
        return list(error.args[1])
    return []


def _text(name: str, definition: Node) -> list[str]:
    return dump_indented_json({"name": name, "definition": document_of(definition)}).splitlines()
