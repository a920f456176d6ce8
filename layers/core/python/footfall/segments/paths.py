"""Paths: where in an event a property stands.

What follows `data.` is one key if there is such a key, as keys may hold dots and spaces; otherwise
it is a way through nested objects, where `[]` behind a key means each element of its array.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TypeAlias

from footfall.domain.values import JsonValue
from footfall.segments.happening import Happening

DATA = "data."
_EACH = "[]"
_FIELDS = {
    "value": attrgetter("value"),
    "valueCurrency": attrgetter("value_currency"),
    "source": attrgetter("source"),
    "uniqueId": attrgetter("unique_id"),
}

Reader: TypeAlias = Callable[[Happening], Sequence[JsonValue]]
"""Returns the values that a path leads to in an event: none, one, or one an element."""


def reader_of(path: str) -> Reader:
    """Return what reads the path."""
    if path.startswith(DATA):
        return _reader_of_data(path.removeprefix(DATA))
    if path not in _FIELDS:
        return lambda _: ()
    field = _FIELDS[path]

    def read(event: Happening) -> Sequence[JsonValue]:
        value = field(event)
        return () if value is None else (value,)

    return read


def _reader_of_data(path: str) -> Reader:
    def read(event: Happening) -> Sequence[JsonValue]:
        data = event.data
        try:
            return (data[path],)
        except KeyError:
            return tuple(_values(data, path))

    return read


def _values(container: JsonValue, path: str) -> Iterator[JsonValue]:
    if not isinstance(container, Mapping):
        return
    key, _, rest = path.partition(".")
    name = key.removesuffix(_EACH)
    if name not in container:
        return
    found = container[name]
    if name == key:
        yield from _values(found, rest) if rest else [found]
    elif isinstance(found, Sequence) and not isinstance(found, str):
        for element in found:
            yield from _values(element, rest) if rest else [element]
