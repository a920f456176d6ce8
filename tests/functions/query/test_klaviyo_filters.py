"""The grammar of filters, as Klaviyo's clients write them and as people do."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.klaviyo.filters import Condition, FilterSyntaxError, parse_filter


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ('equals(email,"a@b.c")', [Condition("equals", "email", ("a@b.c",))]),
        ("equals(email,'a@b.c')", [Condition("equals", "email", ("a@b.c",))]),
        ('any(id,["a","b"])', [Condition("any", "id", ["a", "b"])]),
        ("any(id,['a','b'])", [Condition("any", "id", ["a", "b"])]),
        ("has(metric)", [Condition("has", "metric")]),
        (
            "greater-than(datetime,2024-01-01T00:00:00Z)",
            [Condition("greater-than", "datetime", ("2024-01-01T00:00:00Z",))],
        ),
        (
            "less-than(datetime,2024-01-01T00:00:00+00:00)",
            [Condition("less-than", "datetime", ("2024-01-01T00:00:00+00:00",))],
        ),
        ("greater-or-equal(timestamp,1.5)", [Condition("greater-or-equal", "timestamp", ("1.5",))]),
        (
            ' equals( integration.name , "API" ) , has( profile ) ',
            [Condition("equals", "integration.name", ("API",)), Condition("has", "profile")],
        ),
        (
            r'equals(name,"say \"hi\", (or) \u00e9")',
            [Condition("equals", "name", ('say "hi", (or) é',))],
        ),
        (
            r"equals(name,'it\'s, [a] \\ name')",
            [Condition("equals", "name", ("it's, [a] \\ name",))],
        ),
        ('equals(name,"")', [Condition("equals", "name", ("",))]),
    ],
)
def test_conditions_are_read(text: str, conditions: list[Condition]) -> None:
    assert parse_filter(text) == conditions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "email",
        "equals",
        "equals(",
        "equals()",
        "equals(email",
        "equals(email,)",
        'equals(email,"a)',
        'equals(email,"a"',
        'equals(email,"a"),',
        'equals(email,"a") has(metric)',
        'equals(email,"a","b")',
        "any(id,[])",
        "any(id,[a)",
        'any(id,["a",])',
        r'equals(email,"\u12")',
        r'equals(email,"\ud800")',
        'or(equals(id,"a"),equals(id,"b"))',
    ],
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(FilterSyntaxError):
        parse_filter(text)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for one in (text, f'equals(id,"{text}")', f"any(id,[{text}])"):
        try:
            parse_filter(one)
        except FilterSyntaxError:
            continue


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(_TEXT, st.lists(_TEXT, min_size=1))
def test_every_text_can_be_compared_with(text: str, texts: list[str]) -> None:
    assert parse_filter(f"equals(name,{json.dumps(text)})")[0].values == (text,)
    assert parse_filter(f"any(name,{json.dumps(texts)})")[0].values == texts
    escaped = re.sub(r"(['\\])", r"\\\1", text)
    assert parse_filter(f"equals(name,'{escaped}')")[0].values == (text,)
