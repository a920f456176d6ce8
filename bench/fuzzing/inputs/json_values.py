"""Arbitrary JSON values, as strict JSON gives them: hard texts and hard numbers among them."""

import copy
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from footfall.domain.limits import MAX_DEPTH, MAX_NAME_CHARACTERS, MAX_STRING_BYTES
from footfall.domain.values import JsonValue

_DIGITS_OF_THE_LARGEST_INTEGER = 4_300
"""Python reads no more."""

_TOO_DEEP = 200

_Value = TypeVar("_Value")


def any_of(values: Sequence[_Value]) -> st.SearchStrategy[_Value]:
    """Return a copy of one of the values, which may then be spoilt.

    It does what `sampled_from` does, without ever writing all of the values down.
    """
    return st.integers(0, len(values) - 1).map(lambda index: copy.deepcopy(values[index]))


HARD_TEXTS = any_of(
    [
        *("", " ", "\0", "\ufffe\uffff", "\U0010ffff", "\N{COMBINING ACUTE ACCENT}", "\u202e#"),
        *("#", "/", "~", "~1", ".", "[]", "{}", "%", "%00", "{detail}", "{0}", "$extra", "İ", "ß"),
        *("0", "-0", "1e9", "1E+999999", "NaN", "sNaN", "Infinity", "9" * 5_000, "٣", "true"),
        *("a@b.c", "A@B.C ", f"{'a' * 250}@b.c", "+14155550123", "tel:+14155550123;ext=1", "+1"),
        *("cio_", "cio_a", "cio_#", "footfall_public_", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        *("2026-04-02T12:00:00Z", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59"),
        *("9999-12-31T23:59:59.9999999-23:59", "2026-04-02", "2026-04-02T24:00:00Z", "0000-00-00"),
        *("a" * MAX_NAME_CHARACTERS, "\U0010ffff" * MAX_NAME_CHARACTERS),
        *("\0" * (MAX_NAME_CHARACTERS + 1), "a" * MAX_STRING_BYTES, "é" * MAX_STRING_BYTES),
    ]
)
"""Texts at the limits of what some contract takes, and texts that mean something to some code."""

TEXTS = HARD_TEXTS | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
"""Any text that UTF-8 can express."""

NUMBERS = (
    st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | any_of(
        [
            *(0, -1, 10**18, 10**38, -(10**126), 2**63, 10 ** (_DIGITS_OF_THE_LARGEST_INTEGER - 1)),
            *(Decimal("-0.0"), Decimal("1e999999"), Decimal("-1E-999999"), Decimal("1E+126")),
            *(Decimal("9.9999999999999999999999999999999999999E+125"), Decimal("1E-130")),
            *(Decimal(f"0.{'1' * 39}"), Decimal("1e-500"), 1_775_131_200, Decimal("1775131200.9")),
        ]
    )
)
"""Any number that strict JSON has, whatever its size."""

SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS


def _nested(depth: int, *, in_objects: bool) -> JsonValue:
    value: JsonValue = 1
    for _ in range(depth):
        value = {"a": value} if in_objects else [value]
    return value


_DEEP = st.builds(
    _nested,
    any_of([MAX_DEPTH - 2, MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, _TOO_DEEP]),
    in_objects=st.booleans(),
)
_WIDE: st.SearchStrategy[JsonValue] = any_of(
    [
        {str(number): number for number in range(401)},
        list(range(4_001)),
        [[] for _ in range(1_001)],
        [{} for _ in range(101)],
        {"a" * MAX_NAME_CHARACTERS: {"b" * MAX_NAME_CHARACTERS: [10**99] * 1_500}},
    ]
)

JSON_VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS | _DEEP | _WIDE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
"""Any JSON whatsoever."""
