"""Form-encoded bodies make the documents that Ruby on Rails makes of them."""

from contextlib import suppress
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.forms import MAX_FORM_FIELDS, InvalidFormError, parse_form
from footfall.domain.values import JsonValue

KEYS = st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
OBJECTS = st.dictionaries(KEYS, TEXTS, min_size=1, max_size=3)
VALUES = st.recursive(
    TEXTS | st.lists(TEXTS, min_size=1, max_size=3),
    lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=6,
)


def form_of(document: dict[str, JsonValue]) -> str:
    """Return the form that a client sends for a document of texts."""
    fields = [field for key, value in document.items() for field in _fields(key, value)]
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields)


def _fields(name: str, value: JsonValue) -> list[tuple[str, str]]:
    match value:
        case dict():
            inner = [(f"{name}[{key}]", one) for key, one in value.items()]
        case list():
            inner = [(f"{name}[]", one) for one in value]
        case _:
            return [(name, str(value))]
    return [field for inner_name, one in inner for field in _fields(inner_name, one)]


@pytest.mark.parametrize(
    ("form", "document"),
    [
        ("", {}),
        (
            "name=purchased&data[price]=23.45&timestamp=1359389415",
            {"name": "purchased", "data": {"price": "23.45"}, "timestamp": "1359389415"},
        ),
        ("data%5Bprice%5D=23.45", {"data": {"price": "23.45"}}),
        ("data[items][]=a&data[items][]=b", {"data": {"items": ["a", "b"]}}),
        (
            "items[][sku]=a&items[][n]=1&items[][sku]=b&items[][n]=2",
            {"items": [{"sku": "a", "n": "1"}, {"sku": "b", "n": "2"}]},
        ),
        ("items[][tags][]=a&items[][tags][]=b", {"items": [{"tags": ["a", "b"]}]}),
        ("items[][a][b]=1&items[][a][b]=2", {"items": [{"a": {"b": "1"}}, {"a": {"b": "2"}}]}),
        ("a[b][c][d]=1", {"a": {"b": {"c": {"d": "1"}}}}),
        ("a=1&a=2", {"a": "2"}),
        ("a", {"a": ""}),
        ("a=", {"a": ""}),
        ("first+name=J%C3%A9+%2B", {"first name": "Jé +"}),
        ("a[=1", {"a[": "1"}),
        ("a[b=1", {"a[b": "1"}),
        ("a]b[c]d=1", {"a]b[c]d": "1"}),
        ("[a]=1", {"[a]": "1"}),
    ],
)
def test_a_form_makes_a_document(form: str, document: object) -> None:
    assert parse_form(form) == document


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_a_document_of_texts_survives_as_a_form(document: dict[str, JsonValue]) -> None:
    assert parse_form(form_of(document)) == document


@given(st.dictionaries(KEYS, st.lists(OBJECTS, min_size=1, max_size=3), max_size=2))
def test_lists_of_objects_with_the_same_keys_survive(lists: dict[str, list[JsonValue]]) -> None:
    document: dict[str, JsonValue] = {
        key: [elements[0]] * len(elements) for key, elements in lists.items()
    }
    assert parse_form(form_of(document)) == document


@given(st.text(st.sampled_from("ab[]=&%1+")))
def test_any_text_is_a_form_or_is_refused(text: str) -> None:
    with suppress(InvalidFormError):
        assert all(isinstance(name, str) for name in parse_form(text))


@pytest.mark.parametrize(
    "form",
    [
        "a=1&a[b]=2",
        "a[b]=1&a=2",
        "a[b]=1&a[]=2",
        "a[]=1&a[b]=2",
        "a[][]=1",
        "a=%FF",
        "a" + "[b]" * 10 + "=1",
        "&".join(["a=1"] * (MAX_FORM_FIELDS + 1)),
    ],
)
def test_what_makes_no_document_is_refused(form: str) -> None:
    with pytest.raises(InvalidFormError):
        parse_form(form)
