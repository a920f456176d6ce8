"""Who may read through Klaviyo's routes, and what every answer of theirs has."""

import pytest

from footfall.domain.stores import Scope
from footfall.http.klaviyo_routes import (
    GET_EVENT,
    KLAVIYO_ROUTES,
    LIST_EVENT_BULK_JOBS,
    LIST_EVENTS,
    LIST_METRICS,
    LIST_PROFILES,
)
from footfall.http.route import Route
from footfall.http.routes import FIND_CUSTOMER
from query.klaviyo.event_ids import EventPlace, to_klaviyo_id
from tests.builders import deliver, message, own_id, purchase
from tests.functions.catalogue import stream
from tests.functions.query.calls import Answer, Caller
from tests.functions.query.klaviyo_calls import HOST, get

READS = [route for route in KLAVIYO_ROUTES if route.function == "query"]
LISTS = {LIST_PROFILES, LIST_METRICS, LIST_EVENTS, LIST_EVENT_BULK_JOBS}
OTHER = Caller("store-b")


def ask(route: Route, caller: Caller, event_id: str = "unknown") -> Answer:
    query = {"filter": 'equals(profile_id,"crm-7")'} if route is LIST_EVENTS else None
    return get(
        route,
        query,
        caller=caller,
        profileId="crm-7",
        metricId="0123456789abcdef",
        eventId=event_id,
    )


@pytest.mark.parametrize("route", READS, ids=str)
def test_a_key_without_the_scope_is_forbidden(route: Route) -> None:
    others = " ".join(scope for scope in Scope if scope is not route.scope)
    for scopes in (others, ""):
        answer = ask(route, Caller(scopes=scopes))
        assert answer.status == 403
        (error,) = answer.body["errors"]
        assert error["code"] == "permission_denied"
        assert route.scope in error["detail"]


@pytest.mark.parametrize("route", READS, ids=str)
def test_what_another_store_holds_is_not_there(route: Route) -> None:
    event = purchase(1, own_id("crm-7"), store_id=OTHER.store_id)
    deliver(message(event))
    stream.deliver(stream.stored(event))
    customer = OTHER.call(FIND_CUSTOMER, query={"id": "crm-7"}).body["id"]
    event_id = to_klaviyo_id(EventPlace(customer, event.event_timestamp, event.event_id))
    assert get(GET_EVENT, caller=OTHER, eventId=event_id).status == 200

    answer = ask(route, Caller(), event_id)

    if route in LISTS:
        assert (answer.status, answer.body["data"]) == (200, [])
    else:
        assert answer.status == 404


@pytest.mark.parametrize("route", READS, ids=str)
@pytest.mark.parametrize("revision", ["", "latest"])
def test_without_a_revision_the_header_is_asked_for(route: Route, revision: str) -> None:
    answer = get(route, headers={"revision": revision}, profileId="x", metricId="x", eventId="x")
    assert answer.status == 400
    assert "`revision`" in answer.body["errors"][0]["detail"]


@pytest.mark.parametrize("route", READS, ids=str)
def test_answers_echo_the_revision_and_tell_the_rate(route: Route) -> None:
    headers = ask(route, Caller()).headers
    assert headers["X-Klaviyo-API-Revision"] == "2026-07-15"
    assert f"{route.burst};w=1" in headers["RateLimit-Limit"]
    assert {"RateLimit-Remaining", "RateLimit-Reset"} <= headers.keys()


def test_no_job_is_left_of_a_bulk_request() -> None:
    assert get(LIST_EVENT_BULK_JOBS).body == {
        "data": [],
        "links": {"self": f"{HOST}/api/event-bulk-create-jobs", "next": None, "prev": None},
    }
