"""Paths: where in an event a property stands.

What follows `data.` is one key if there is such a key, as keys may hold dots and spaces; otherwise
it is a way through nested objects, where `[]` behind a key means each element of its array.
"""

from collections.abc import Iterator, Mapping, Sequence

from footfall.domain.events import Event
from footfall.domain.values import JsonValue

DATA = "data."
_EACH = "[]"


def property_values(event: Event, path: str) -> Sequence[JsonValue]:
    """Return the values that the path leads to in the event: none, one, or one an element."""
    if path.startswith(DATA):
        path = path.removeprefix(DATA)
        return [event.data[path]] if path in event.data else list(_values(event.data, path))
    value = {
        "value": event.value,
        "valueCurrency": event.value_currency,
        "source": event.source,
        "uniqueId": event.unique_id,
    }.get(path)
    return [] if value is None else [value]


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
