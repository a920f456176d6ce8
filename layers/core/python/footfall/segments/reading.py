"""Reading a definition from JSON: every fault with its place, and the limits of the whole."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from pydantic import ConfigDict, TypeAdapter, ValidationError

from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError, json_pointer
from footfall.domain.values import JsonValue
from footfall.segments.definitions import (
    MAX_COUNT,
    TAG_MARK,
    AllFilter,
    AllOf,
    AnyFilter,
    AnyOf,
    Behaviour,
    Filter,
    Node,
    NotFilter,
    NotThat,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MAX_DEPTH = 10
MAX_LEAVES = 100
MAX_DEFINITION_BYTES = 200_000
TOO_LARGE = f"Must have at most {MAX_DEFINITION_BYTES:,} bytes as compact JSON."
_MAX_VALUES = MAX_DEFINITION_BYTES // 2
"""Each takes two bytes at least."""

_TOO_DEEP = f"Must be nested at most {MAX_DEPTH} levels deep."

_NODE: TypeAdapter[Node] = TypeAdapter(Node, config=ConfigDict(defer_build=True))
_DETAILS = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field here.",
    "model_type": "Must be a JSON object.",
    "tuple_type": "Must be an array.",
    "string_type": "Must be a string.",
    "bool_type": "Must be true or false.",
    "int_type": f"Must be a whole number from 0 to {MAX_COUNT}.",
    "greater_than_equal": f"Must be a whole number from 0 to {MAX_COUNT}.",
    "less_than_equal": f"Must be a whole number from 0 to {MAX_COUNT}.",
    "string_too_short": "Must not be empty.",
    "string_too_long": "Must have at most {max_length} characters.",
    "string_pattern_mismatch": "Must be 1 to 64 letters, digits, `_` or `-`.",
    "too_short": "Must not be empty.",
    "too_long": "Must have at most {max_length} elements.",
    "recursion_depth_exceeded": _TOO_DEEP,
}


def read_definition(document: JsonValue) -> Node:
    """Return the definition that the document holds.

    Raises:
        FaultyDocumentError: with every fault, its pointer counted from the definition.
    """
    if _is_surely_too_large(document):
        raise FaultyDocumentError([Fault("", TOO_LARGE)])
    try:
        definition = _NODE.validate_python(document)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        raise FaultyDocumentError(_outermost_left_out(errors)) from None
    faults = list(_size_faults(definition))
    if faults:
        raise FaultyDocumentError(faults)
    return definition


def _is_surely_too_large(document: JsonValue) -> bool:
    """Tell whether it has more values than any definition, so that naming every fault is no use.

    A body has room for millions of faults, and the process has not.
    """
    waiting, values = [document], 0
    while waiting and values <= _MAX_VALUES:
        match waiting.pop():
            case dict() as members:
                inner: Collection[JsonValue] = members.values()
            case list() as inner:
                pass
            case _:
                continue
        values += len(inner)
        waiting.extend(inner)
    return values > _MAX_VALUES


def _outermost_left_out(errors: "list[ErrorDetails]") -> list[Fault]:
    """Return the faults, without those that only say that a part of theirs is faulty.

    pydantic also calls an array too short whose elements are all faulty.
    """
    faults = [_fault(error) for error in errors]
    holders = {holder for fault in faults for holder in _holders(fault.pointer)}
    return [fault for fault in faults if fault.pointer not in holders][:MAX_LISTED_FAULTS]


def _holders(pointer: str) -> Iterator[str]:
    """Yield the pointers of everything that holds the place."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _fault(error: "ErrorDetails") -> Fault:
    pointer = json_pointer(*(step for step in error["loc"] if not str(step).startswith(TAG_MARK)))
    if error["type"] == "fault":
        return Fault(pointer, error["msg"])
    return Fault(pointer, _DETAILS[error["type"]].format(**error.get("ctx", {})))


def _size_faults(definition: Node) -> Iterator[Fault]:
    leaves = 0
    for pointer, depth, part in _parts(definition, "", 1):
        leaves += not isinstance(part, AllOf | AnyOf | NotThat | AllFilter | AnyFilter | NotFilter)
        if depth > MAX_DEPTH:
            yield Fault(pointer, _TOO_DEEP)
            return
    if leaves > MAX_LEAVES:
        yield Fault("", f"Must have at most {MAX_LEAVES} leaves; it has {leaves}.")


def _parts(part: Node | Filter, pointer: str, depth: int) -> Iterator[tuple[str, int, object]]:
    """Yield every node and filter with its place and its depth, parents first."""
    yield pointer, depth, part
    children: Iterator[tuple[str, Node | Filter]] = iter(())
    match part:
        case AllOf(all=parts) | AllFilter(all=parts):
            children = ((f"all/{index}", one) for index, one in enumerate(parts))
        case AnyOf(any=parts) | AnyFilter(any=parts):
            children = ((f"any/{index}", one) for index, one in enumerate(parts))
        case NotThat(not_=one) | NotFilter(not_=one):
            children = iter([("not", one)])
        case Behaviour(where=where) if where is not None:
            children = iter([("where", where)])
    for step, child in children:
        yield from _parts(child, f"{pointer}/{step}", depth + 1)
