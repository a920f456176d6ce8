"""JSON is read exactly, or refused with the place; what is written is read back as it was."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.domain.strict_json import InvalidJsonError, dump_json, parse_json
from footfall.domain.values import JsonValue

_DECIMALS = st.decimals(allow_nan=False, allow_infinity=False).map(
    lambda number: number if "." in str(number) or "E" in str(number) else Decimal(f"{number}.0")
)
_DOCUMENTS: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | _DECIMALS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_DOCUMENTS)
def test_what_is_written_is_read_back_to_the_last_digit(document: JsonValue) -> None:
    assert repr(parse_json(dump_json(document))) == repr(document)


@given(document=_DOCUMENTS, indent=st.sampled_from([None, 2]), escaped=st.booleans())
def test_it_is_read_as_python_reads_it(
    document: JsonValue, indent: int | None, *, escaped: bool
) -> None:
    plain = json.loads(dump_json(document))
    text = json.dumps(plain, indent=indent, ensure_ascii=escaped)
    assert repr(parse_json(text)) == repr(json.loads(text, parse_float=Decimal))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1, "a": 2}', 'duplicate key "a": line 1, column 14'),
        ('[{"a": {"b": 1,\n "\\u0062": 2}}]', 'duplicate key "b": line 2, column 11'),
        ("NaN", "expected value: line 1, column 1"),
        ("[-Infinity]", "invalid number: line 1, column 3"),
        ("[1,]", "trailing comma: line 1, column 4"),
        ("01", "invalid number: line 1, column 2"),
        ('{"a":\n\n  x}', "expected value: line 3, column 3"),
        ("9" * 5_000, "a number has too many digits: line 1, column 4302"),
        ("1e999999999999999999999", "a number has too many digits: line 1, column 23"),
        (r'"\ud800"', "the document holds a lone surrogate: line 1, column 8"),
        (r'"\udc00"', "the document holds a lone surrogate: line 1, column 7"),
        (r'"\ud800\u0041"', "the document holds a lone surrogate: line 1, column 13"),
        ('"\ud800"', "the document holds a lone surrogate"),
        ("[" * 100_000, "the document is nested too deeply: line 1, column 202"),
        ('{"a":' * 100_000, "the document is nested too deeply: line 1, column 1006"),
    ],
)
def test_what_is_refused_and_where(text: str, problem: str) -> None:
    with pytest.raises(InvalidJsonError) as refused:
        parse_json(text)
    assert str(refused.value) == problem


def test_a_long_key_does_not_make_a_long_message() -> None:
    key = "k" * 1_000_000
    with pytest.raises(InvalidJsonError) as refused:
        parse_json(f'{{"{key}": 1, "{key}": 2}}')
    assert len(str(refused.value)) < 150


def test_a_byte_order_mark_is_no_part_of_a_document() -> None:
    assert parse_json('\ufeff{"a": 1.10}') == {"a": Decimal("1.10")}


def test_lone_surrogates_cannot_be_written() -> None:
    with pytest.raises(UnicodeEncodeError):
        dump_json({"a": "\ud800"})
