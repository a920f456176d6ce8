from collections.abc import Mapping, Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.domain.stores import Scope
from footfall.http.route import Route
from footfall.http.routes import (
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_EVENT_STATUS,
    LIST_CUSTOMER_EVENTS,
    LIST_EVENT_NAMES,
    LIST_SEGMENTS,
    OWN_ROUTES,
    PREVIEW_SEGMENT,
    PUT_CUSTOMER,
    PUT_SEGMENT,
    ROUTES,
)
from query.handler import answers_around
from tests.builders import STORE, deliver, email, message, own_id, purchase
from tests.functions.catalogue import stream
from tests.functions.query.calls import Answer, Caller

OTHER_STORE = "store-b"
BODIES: Mapping[Route, object] = {
    PUT_CUSTOMER: {"email": "jane@example.com"},
    PUT_SEGMENT: {"name": "x", "definition": {"event": "bought"}},
    PREVIEW_SEGMENT: {"definition": {"event": "bought"}, "customerIds": ["crm-7"]},
}
QUERY_ROUTES = [route for route in OWN_ROUTES if route.function == "query"]
"""tests/functions/query/test_klaviyo_access.py shows the same of Klaviyo's routes."""


def call(caller: Caller, route: Route) -> Answer:
    return caller.call(
        route,
        query={"id": "crm-7"},
        body=BODIES.get(route),
        customerId="crm-7",
        uniqueId="order-1",
        segmentId="vip",
    )


def test_every_route_of_query_has_an_answer() -> None:
    assert all(route in answers_around(route) for route in ROUTES if route.function == "query")


@pytest.mark.parametrize("route", QUERY_ROUTES, ids=str)
def test_a_key_without_the_scope_is_forbidden(route: Route) -> None:
    others = " ".join(scope for scope in Scope if scope is not route.scope)
    for scopes in (others, ""):
        answer = call(Caller(scopes=scopes), route)
        assert answer.status == 403
        assert route.scope in answer.body["detail"]


@pytest.mark.parametrize("route", QUERY_ROUTES, ids=str)
def test_another_stores_path_is_forbidden(route: Route) -> None:
    deliver(message(purchase(1, own_id("crm-7"), store_id=OTHER_STORE, unique_id="order-1")))

    assert call(Caller(STORE, path_store=OTHER_STORE), route).status == 403


@pytest.mark.parametrize("route", QUERY_ROUTES, ids=str)
def test_what_another_store_holds_is_not_there(route: Route) -> None:
    event = purchase(1, own_id("crm-7"), store_id=OTHER_STORE, unique_id="order-1")
    deliver(message(event))
    stream.deliver(stream.stored(event))
    assert call(Caller(OTHER_STORE), PUT_SEGMENT).status == 201

    answer = call(Caller(STORE), route)

    if route is PREVIEW_SEGMENT:
        assert (answer.body["customers"], answer.body["unknown"]) == ([], ["crm-7"])
    elif route in BODIES:
        assert answer.status == 201
    elif route in {LIST_EVENT_NAMES, LIST_SEGMENTS}:
        assert list(answer.body.values()) == [[]]
    else:
        assert answer.status == 404


_numbers = count()
_text = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)


@settings(max_examples=10)
@given(name=_text, unique_id=_text, order=st.permutations([(0, 1), (0, 2), (1, 1), (1, 2)]))
def test_stores_with_equal_customers_and_events_see_each_their_own(
    name: str, unique_id: str, order: Sequence[tuple[int, int]]
) -> None:
    number = next(_numbers)
    stores = (f"store-{number}", f"store-{number}-b")
    for index, purchase_number in order:
        deliver(
            message(
                purchase(
                    purchase_number,
                    own_id(name),
                    email("jane@example.com"),
                    store_id=stores[index],
                    unique_id=f"{unique_id}{purchase_number}",
                    data={"store": stores[index]},
                )
            )
        )

    callers = [Caller(store_id) for store_id in stores]
    ids = [caller.call(FIND_CUSTOMER, query={"id": name}).body["id"] for caller in callers]
    for caller, customer_id in zip(callers, ids, strict=True):
        events = caller.call(LIST_CUSTOMER_EVENTS, customerId=name).body["events"]
        fate = caller.call(GET_EVENT_STATUS, uniqueId=f"{unique_id}1").body
        statuses = [caller.call(GET_CUSTOMER, customerId=one).status for one in ids]
        assert [event["data"] for event in events] == [{"store": caller.store_id}] * 2
        assert fate["customerId"] == customer_id
        assert sorted(statuses) == [200, 404]
