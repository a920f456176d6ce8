"""Pages: sizes from 1 to 500, and tokens that lead exactly one page further."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.http.paging import Page, next_page_headers, requested_page
from footfall.http.problems import ProblemError
from footfall.http.requests import read_request
from footfall.http.routes import LIST_EVENT_NAMES
from tests.proxy_events import proxy_event


def page_of(**headers: str) -> Page:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requested_page(read_request(proxy_event(LIST_EVENT_NAMES, headers=named)))


def test_a_page_has_twenty_entries_unless_another_size_is_asked_for() -> None:
    assert page_of() == Page(20, None)
    assert page_of(X_PAGE_SIZE="500") == Page(500, None)
    assert page_of(x_page_size=" 1 ") == Page(1, None)


@pytest.mark.parametrize("size", ["0", "501", "-1", "1.0", "", "ten", "²", "٣", "9" * 5000])
def test_a_bad_size_is_400(size: str) -> None:
    with pytest.raises(ProblemError) as refused:
        page_of(X_PAGE_SIZE=size)
    assert refused.value.status == 400


@given(st.text(min_size=1))
def test_the_next_page_begins_where_this_one_ends(sort_key: str) -> None:
    headers = next_page_headers(sort_key)
    assert page_of(X_PAGE_CONTINUE=headers["X-Page-Next"]).after == sort_key


def test_the_last_page_leads_nowhere() -> None:
    assert next_page_headers(None) == {}


@given(st.one_of(st.sampled_from(["*", "a", "_w", "AA=A", "é"]), st.text()))
def test_any_text_as_a_token_is_a_page_or_400(token: str) -> None:
    with suppress(ProblemError):
        assert page_of(X_PAGE_CONTINUE=token).after


@pytest.mark.parametrize("token", ["", "*", "a", "_w", "AA=A", "é"])
def test_a_bad_token_is_400(token: str) -> None:
    with pytest.raises(ProblemError) as refused:
        page_of(X_PAGE_CONTINUE=token)
    assert refused.value.status == 400
