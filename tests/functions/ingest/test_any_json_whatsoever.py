"""Whatever anybody sends, ingest answers 202 or 400: it never breaks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.http.route import Route
from footfall.http.routes import CREATE_EVENT, CREATE_EVENTS
from ingest.handler import handler
from tests.proxy_events import proxy_event

pytestmark = pytest.mark.usefixtures("cloud")

ROUTES = st.sampled_from([CREATE_EVENT, CREATE_EVENTS])
PREFERENCES = st.sampled_from([{}, {"Prefer": "return=representation"}])
KEYS = st.sampled_from(
    ["eventName", "customer", "email", "location", "customFields", "data", "$extra", "events"]
)
# Python's own JSON writer also writes what is no JSON: NaN, infinities, lone surrogates.
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(KEYS | st.text(), inner, max_size=5)
    ),
)
LONG_KEY = "\U000e0001" * 600_000
NAME = "\x01" * 255


def status_of(route: Route, body: str, headers: dict[str, str] | None = None) -> object:
    return handler(proxy_event(route, body, headers=headers), None)["statusCode"]


@given(ROUTES, ANY_JSON, PREFERENCES)
def test_any_json(route: Route, anything: object, headers: dict[str, str]) -> None:
    assert status_of(route, json.dumps(anything), headers) in {202, 400}


@given(ANY_JSON)
def test_any_properties(anything: object) -> None:
    document = {
        "eventName": "Order Placed",
        "customer": {"email": "jane@example.com", "customFields": {"any": anything}},
        "data": {"any": anything, "$extra": anything},
    }
    assert status_of(CREATE_EVENT, json.dumps(document)) in {202, 400}


@pytest.mark.parametrize(
    "body",
    [
        f'{{"{LONG_KEY}":1,"{LONG_KEY}":2}}',
        json.dumps({"data": {NAME: {NAME: {NAME: {NAME[:220]: [10**99] * 1_500}}}}}),
    ],
    ids=["a long key twice", "many faults in a deep place"],
)
def test_an_answer_fits_what_lambda_can_return(body: str) -> None:
    answer = handler(proxy_event(CREATE_EVENT, body), None)

    assert answer["statusCode"] == 400
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < 6_000_000


@given(ROUTES, st.text())
def test_any_text(route: Route, body: str) -> None:
    assert status_of(route, body) in {202, 400}
