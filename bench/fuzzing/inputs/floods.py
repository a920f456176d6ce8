"""Documents as large as a body may be, with more of everything than anybody can read or list."""

import copy
from collections.abc import Sequence
from itertools import islice
from typing import Any

from hypothesis import strategies as st

from bench.fuzzing.inputs.json_values import any_of
from bench.fuzzing.inputs.mutations import places
from footfall.domain.limits import MAX_BODY_BYTES
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue

_NUMBERS = (50, 1_000, 10_000, 500_000)
_MOST_LAYERS = 4
_MOST_PLACES = 200
"""Of those to choose from: the first of them."""

_ELEMENTS: Sequence[JsonValue] = [0, None, "", [], {}, 10**40, [[[[[[[[[[0]]]]]]]]]]]
_BYTES_OF_A_KEY = 12
_ROOM = MAX_BODY_BYTES * 9 // 10


@st.composite
def flooded(draw: st.DrawFn, examples: Sequence[JsonValue]) -> JsonValue:
    """Return one of the examples with one place flooded: with lists of lists of lists, too."""
    root: dict[str, Any] = {"document": copy.deepcopy(draw(any_of(examples)))}
    present = list(islice(places(root), _MOST_PLACES))
    names = sorted({key for _, key in present if isinstance(key, str)})
    holder, key = draw(st.sampled_from(present))
    flood = draw(any_of(_ELEMENTS) | st.just(holder[key]))
    for _ in range(draw(st.integers(1, _MOST_LAYERS))):
        room = _ROOM // (len(dump_json(flood)) + _BYTES_OF_A_KEY)
        number = min(draw(st.sampled_from(_NUMBERS)), room)
        if number:
            flood = _many(flood, number, draw(st.sampled_from([None, "", *names])))
    holder[key] = flood
    document: JsonValue = root["document"]
    return document


def _many(element: JsonValue, number: int, name: str | None) -> JsonValue:
    """Return the element so many times: as an object, as a list, or as a list of that name."""
    if name is None:
        return {f"k{index}": element for index in range(number)}
    return {name: [element] * number} if name else [element] * number
