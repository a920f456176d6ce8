"""Valid documents, spoilt in a few places: what looks right gets furthest into a parser."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from bench.fuzzing.inputs.json_values import JSON_VALUES, SCALARS, TEXTS, any_of
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue

_MOST_SPOILT_PLACES = 4
_MANY = 150
_MOST_TO_REPEAT = 7_000
"""Characters as JSON; repetitions of more, or of repetitions, would be larger than any body."""

_SPOIL = ("replace", "replace with a scalar", "remove", "add", "rename", "repeat", "wrap", "swap")


def near(examples: Sequence[JsonValue]) -> st.SearchStrategy[JsonValue]:
    """Return the examples, sound and spoilt, and arbitrary JSON beside them."""
    return any_of(examples) | spoilt(examples) | spoilt(examples) | JSON_VALUES


def spoilt(examples: Sequence[JsonValue]) -> st.SearchStrategy[JsonValue]:
    """Return the examples with one to four places spoilt."""
    return spoilt_of(any_of(examples))


@st.composite
def spoilt_of(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> JsonValue:
    """Return such a document with one to four places spoilt."""
    root: dict[str, Any] = {"document": copy.deepcopy(draw(documents))}
    for _ in range(draw(st.integers(1, _MOST_SPOILT_PLACES))):
        present = list(places(root))
        if not present:
            break
        holder, key = draw(st.sampled_from(present))
        _spoil(draw, holder, key, draw(st.sampled_from(_SPOIL)), present)
    document: JsonValue = root.get("document")
    return document


def places(holder: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Yield every place below: what holds it, and its key or its index there."""
    members = holder.items() if isinstance(holder, Mapping) else enumerate(holder)
    for key, value in members:
        yield holder, key
        if isinstance(value, dict | list):
            yield from places(value)


def _spoil(
    draw: st.DrawFn,
    holder: Any,  # noqa: ANN401 - JSON
    key: Any,  # noqa: ANN401 - a name or an index
    way: str,
    present: Sequence[tuple[Any, Any]],
) -> None:
    value = holder[key]
    match way:
        case "replace":
            holder[key] = draw(JSON_VALUES)
        case "replace with a scalar":
            holder[key] = draw(SCALARS)
        case "remove":
            del holder[key]
        case "add" if isinstance(value, dict):
            value[draw(TEXTS)] = draw(JSON_VALUES)
        case "add" if isinstance(value, list):
            value.append(draw(JSON_VALUES))
        case "rename" if isinstance(holder, dict):
            holder[draw(TEXTS)] = holder.pop(key)
        case "repeat" if isinstance(value, list) and len(dump_json(value)) < _MOST_TO_REPEAT:
            holder[key] = [copy.deepcopy(one) for one in (value * _MANY)[:_MANY]]
        case "wrap":
            holder[key] = draw(st.sampled_from([[value], {"data": value}, {"event": value}]))
        case "swap":
            other, elsewhere = draw(st.sampled_from(present))
            holder[key] = copy.deepcopy(other[elsewhere])
        case _:
            holder[key] = draw(SCALARS)
