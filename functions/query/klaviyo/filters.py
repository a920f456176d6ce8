"""The filters of Klaviyo's lists: `equals(profile_id,"..."),greater-than(datetime,2026-04-02)`.

Conditions are joined by commas, and all have to hold. Text stands in quotes of either kind, lists
in brackets; numbers, instants and booleans stand as they are.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

_BEGINNING = re.compile(r"\s*(?P<operator>[a-z-]+)\s*\(\s*(?P<field>[\w.\-\[\]']+)\s*", re.ASCII)
_VALUE = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<bare>[^,()\[\]"']+))\s*"""
)
_ESCAPED = re.compile(r"\\(.)")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter.

    Attributes:
        values: what the field is compared with, as text; none for `has`, one for most operators.
    """

    operator: str
    field: str
    values: Sequence[str] = ()


class FilterSyntaxError(ValueError):
    """The text is no filter."""


def parse_filter(text: str) -> Sequence[Condition]:
    """Return the conditions of a filter.

    Raises:
        FilterSyntaxError: when the text is none.
    """
    conditions: list[Condition] = []
    position = 0
    while True:
        condition, position = _condition(text, position)
        conditions.append(condition)
        if position == len(text):
            return conditions
        position = _expected(",", text, position)


def _condition(text: str, position: int) -> tuple[Condition, int]:
    match = _BEGINNING.match(text, position)
    if match is None:
        raise FilterSyntaxError
    operator, field, position = match["operator"], match["field"], match.end()
    values: Sequence[str] = ()
    if text[position : position + 1] == ",":
        values, position = _values(text, _SPACE.match(text, position + 1).end())  # type: ignore[union-attr]
    position = _expected(")", text, position)
    return Condition(operator, field, values), position


def _values(text: str, position: int) -> tuple[Sequence[str], int]:
    if text[position : position + 1] != "[":
        value, position = _value(text, position)
        return (value,), position
    values: list[str] = []
    position += 1
    while True:
        value, position = _value(text, position)
        values.append(value)
        if text[position : position + 1] == "]":
            return values, position + 1
        position = _expected(",", text, position)


def _value(text: str, position: int) -> tuple[str, int]:
    match = _VALUE.match(text, position)
    if match is None:
        raise FilterSyntaxError
    quoted = match["text"]
    value = match["bare"].strip() if quoted is None else _unquoted(quoted)
    if not (value or quoted):
        raise FilterSyntaxError
    return value, match.end()


def _unquoted(quoted: str) -> str:
    if quoted.startswith('"'):
        try:
            value = str(json.loads(quoted, strict=False))
            value.encode()  # half of a character is none
        except ValueError:
            raise FilterSyntaxError from None
        return value
    return _ESCAPED.sub(r"\1", quoted[1:-1])


def _expected(character: str, text: str, position: int) -> int:
    """Return the position behind the character, and behind the space around it."""
    match = re.compile(rf"\s*{re.escape(character)}\s*").match(text, position)
    if match is None:
        raise FilterSyntaxError
    return match.end()
