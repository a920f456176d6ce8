"""The `meta` of a profile in Klaviyo's contract: how its properties and identifiers are patched."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from footfall.contracts.fields import fault, raise_all
from footfall.contracts.properties import NOT_AN_OBJECT, PlacedFault
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonObject, JsonValue

UnsetNames: TypeAlias = tuple[str, ...]

_OF_PROPERTIES = "patch_properties"
_NOT_OFFERED: Mapping[str, str] = {
    _OF_PROPERTIES: "Not offered; send the whole value among the properties instead.",
    "patch_identifiers": "Not offered; send the identifiers as attributes instead.",
}
"""The groups of patches, of which only unset is offered, and what to do instead of the others."""

_BAD_UNSET = (
    f"Must be a property name of 1 to {MAX_NAME_CHARACTERS} characters, or an array of them."
)


def read_meta(value: JsonValue) -> UnsetNames:
    """Return the names of the properties that a `meta` takes away."""
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        raise fault(NOT_AN_OBJECT)
    patches = {group: _patches(value, group) for group in _NOT_OFFERED}
    refused: list[PlacedFault] = [
        ((group, name), detail)
        for group, detail in _NOT_OFFERED.items()
        for name in ("append", "unappend")
        if patches[group].get(name)
    ]
    raise_all(refused)
    return _unset(patches[_OF_PROPERTIES].get("unset"))


def _patches(meta: JsonObject, group: str) -> JsonObject:
    patches = meta.get(group)
    if patches is not None and not isinstance(patches, Mapping):
        raise_all([((group,), NOT_AN_OBJECT)])
        return {}
    return patches or {}


def _unset(value: JsonValue) -> UnsetNames:
    names = [value] if isinstance(value, str) else value or []
    if isinstance(names, Sequence) and not isinstance(names, str):
        texts = [name for name in names if isinstance(name, str)]
        if len(texts) == len(names) and all(1 <= len(one) <= MAX_NAME_CHARACTERS for one in texts):
            return tuple(texts)
    raise_all([((_OF_PROPERTIES, "unset"), _BAD_UNSET)])
    return ()
