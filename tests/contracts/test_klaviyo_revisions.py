"""Revisions are dates; whatever else stands in the header is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.klaviyo_revisions import NEWEST, read_revision


@pytest.mark.parametrize("text", ["2022-10-17", "2026-07-15", "2026-07-15.pre", "2099-01-01"])
def test_a_date_with_or_without_a_suffix_is_a_revision(text: str) -> None:
    assert read_revision(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "latest",
        "2026",
        "2026-02-30",
        "2026-7-15",
        "2026-07-15.",
        "202\N{ARABIC-INDIC DIGIT SIX}-07-15",
        " 2026-07-15",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert read_revision(text) is None


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    read_revision(text)


@given(st.dates(), st.dates())
def test_later_revisions_never_allow_less(one: object, other: object) -> None:
    earlier, later = (read_revision(text) for text in sorted((str(one), str(other))))
    assert earlier is not None
    assert later is not None
    assert earlier.properties.max_properties <= later.properties.max_properties
    assert earlier.earliest >= later.earliest >= NEWEST.earliest
