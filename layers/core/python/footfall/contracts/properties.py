"""What every contract asks of free-form properties: names, sizes, numbers and depth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from footfall.domain.faults import MAX_LISTED_FAULTS
from footfall.domain.limits import (
    MAX_DEPTH,
    MAX_NAME_CHARACTERS,
    MAX_PROPERTIES,
    MAX_STRING_BYTES,
)
from footfall.domain.numbers import is_storable
from footfall.domain.properties import without_unset
from footfall.domain.values import JsonObject, JsonValue

EXTRA = "$extra"
"""The property that is stored as it came and never segmented by; its keys and numbers are free."""

NOT_AN_OBJECT = "Must be a JSON object."
NOT_STORABLE = "Must be a number of at most 38 digits, from 1E-130 to 9.99E+125 in size."
TOO_LONG = f"Must have at most {MAX_STRING_BYTES} bytes as UTF-8."
_TOO_DEEP = f"This is nested too deeply: an event has at most {MAX_DEPTH} levels, itself the first."
_BAD_NAME = f"Every property name must have 1 to {MAX_NAME_CHARACTERS} characters."
_NOT_A_FIELD = "Must be a string, a number or a boolean."

_PROPERTIES_LEVEL = 2
_SURELY_SMALL = 10**18
_SURELY_SHORT = MAX_STRING_BYTES // 4
"""In characters, of which none has more than four bytes."""

Steps: TypeAlias = tuple[str | int, ...]
PlacedFault: TypeAlias = tuple[Steps, str]
"""Where, from the properties on, and what is asked for there."""


@dataclass(frozen=True, slots=True)
class PropertyLimits:
    """What a contract allows properties to be; as it stands, what Redo's allows.

    Attributes:
        max_properties: at top level.
        max_elements: of each array; as many as there is room for if None.
        level: the nested level that the properties themselves are.
        too_deep: what is said about a value on a level below the last.
        free: the property whose keys and numbers are free, as it is stored as it came; or None.
    """

    max_properties: int = MAX_PROPERTIES
    max_elements: int | None = None
    level: int = _PROPERTIES_LEVEL
    too_deep: str = _TOO_DEEP
    free: str | None = EXTRA


_REDO = PropertyLimits()


def is_too_long(text: str) -> bool:
    """Tell whether a string has more bytes than any string of an event may have."""
    return len(text) > _SURELY_SHORT and len(text.encode()) > MAX_STRING_BYTES


def event_property_faults(
    properties: JsonValue, limits: PropertyLimits = _REDO
) -> Sequence[PlacedFault]:
    """Return what is wrong with the properties of an event (`data`), up to the listed maximum."""
    if not isinstance(properties, dict):
        return [((), NOT_AN_OBJECT)]
    faults = _size_and_name_faults(properties, limits)
    if not _are_surely_sound(properties.values()):
        for name, value in properties.items():
            free = name == limits.free
            _inspect(value, (name,), limits.level + 1, faults, limits, free=free)
    return faults[:MAX_LISTED_FAULTS]


def custom_field_faults(fields: JsonValue) -> Sequence[PlacedFault]:
    """Return what is wrong with the custom fields of a customer, up to the listed maximum."""
    if not isinstance(fields, dict):
        return [((), NOT_AN_OBJECT)]
    faults = _size_and_name_faults(fields, _REDO)
    for name, value in fields.items():
        if value is None or isinstance(value, str | int | Decimal):
            _inspect(value, (name,), _PROPERTIES_LEVEL, faults, _REDO, free=False)
        else:
            faults.append(((name,), _NOT_A_FIELD))
    return faults[:MAX_LISTED_FAULTS]


def stored_properties(properties: JsonObject) -> tuple[dict[str, JsonValue], JsonValue]:
    """Return the properties that are stored and segmented by, and what stands in `$extra`."""
    stored = without_unset(properties)
    if EXTRA in properties:
        stored.pop(EXTRA, None)
    return stored, properties.get(EXTRA)


def _size_and_name_faults(properties: JsonObject, limits: PropertyLimits) -> list[PlacedFault]:
    faults: list[PlacedFault] = []
    if len(properties) > limits.max_properties:
        faults.append(((), f"Must have at most {limits.max_properties} properties."))
    if not _names_are_sound(properties):
        faults.append(((), _BAD_NAME))
    return faults


def _are_surely_sound(values: Iterable[JsonValue]) -> bool:
    """Tell whether values are sound wherever they stand, as almost all are; it is soon told."""
    for value in values:
        if isinstance(value, str):
            if len(value) > _SURELY_SHORT:
                return False
        elif isinstance(value, int):
            if not -_SURELY_SMALL < value < _SURELY_SMALL:
                return False
        elif not (isinstance(value, Decimal) and is_storable(value)):
            return False
    return True


def _inspect(  # noqa: PLR0913  # a place, what stands there, and what holds there
    value: JsonValue,
    steps: Steps,
    level: int,
    faults: list[PlacedFault],
    limits: PropertyLimits,
    *,
    free: bool,
) -> None:
    """Add the faults of a value, which lies on this level if it is an array or an object."""
    match value:
        case str():
            if is_too_long(value):
                faults.append((steps, TOO_LONG))
        case int() | Decimal():
            if not (free or is_storable(value)):
                faults.append((steps, NOT_STORABLE))
        case Mapping():
            if not (free or _names_are_sound(value)):
                faults.append((steps, _BAD_NAME))
            _inspect_all(value.items(), steps, level, faults, limits, free=free)
        case Sequence():
            if limits.max_elements is not None and len(value) > limits.max_elements:
                faults.append((steps, f"Must have at most {limits.max_elements} elements."))
            _inspect_all(enumerate(value), steps, level, faults, limits, free=free)


def _inspect_all(  # noqa: PLR0913  # as `_inspect`
    members: Iterable[tuple[str | int, JsonValue]],
    steps: Steps,
    level: int,
    faults: list[PlacedFault],
    limits: PropertyLimits,
    *,
    free: bool,
) -> None:
    """Add the faults of the members of an array or object that lies on this level."""
    if level > MAX_DEPTH:
        faults.append((steps, limits.too_deep))
        return
    for step, member in members:
        if len(faults) < MAX_LISTED_FAULTS and not _are_surely_sound((member,)):
            _inspect(member, (*steps, step), level + 1, faults, limits, free=free)


def _names_are_sound(properties: JsonObject) -> bool:
    if "" in properties:
        return False
    return (
        len("".join(properties)) <= MAX_NAME_CHARACTERS  # sooner told
        or max(map(len, properties)) <= MAX_NAME_CHARACTERS
    )
