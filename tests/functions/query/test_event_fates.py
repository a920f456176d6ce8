import pytest

from footfall.aws.unique_ids import claim_unique_id, mark_dead
from footfall.domain.events import STORE_SCOPE
from footfall.http.routes import FIND_CUSTOMER, GET_EVENT_STATUS
from tests.builders import JANE, STORE, deliver, message, purchase
from tests.functions.query.calls import Answer, Caller

CALLER = Caller()
EVENT = purchase(1, JANE, unique_id="order-1")


def status(unique_id: str = "order-1") -> Answer:
    return CALLER.call(GET_EVENT_STATUS, uniqueId=unique_id)


def test_an_event_is_not_found_until_it_is_stored() -> None:
    assert status().status == 404

    deliver(message(EVENT))

    customer = CALLER.call(FIND_CUSTOMER, query={"email": "jane@example.com"}).body["id"]
    answer = status()
    assert answer.status == 200
    assert answer.body == {
        "status": "stored",
        "uniqueId": "order-1",
        "eventId": EVENT.event_id,
        "customerId": customer,
    }


def test_the_marker_alone_is_not_a_stored_event() -> None:
    claim_unique_id(EVENT, "order-1", "0123456789abcdef01234567")

    assert status().status == 404


def test_of_two_events_with_one_unique_id_the_first_is_shown() -> None:
    deliver(message(EVENT, purchase(2, JANE, unique_id="order-1")))

    assert status().body["eventId"] == EVENT.event_id


def test_a_dead_event_is_shown_with_its_reason() -> None:
    mark_dead(STORE, STORE_SCOPE, "order-1", EVENT.event_id, "a bug", may_stand=False)

    assert status().body == {
        "status": "dead",
        "uniqueId": "order-1",
        "eventId": EVENT.event_id,
        "reason": "a bug",
    }


def test_an_event_that_is_stored_is_not_shown_as_dead() -> None:
    deliver(message(EVENT))
    mark_dead(STORE, STORE_SCOPE, "order-1", EVENT.event_id, "retries exhausted", may_stand=True)

    assert status().body["status"] == "stored"


def test_a_dead_event_that_was_driven_again_is_stored() -> None:
    mark_dead(STORE, STORE_SCOPE, "order-1", EVENT.event_id, "a bug", may_stand=False)
    deliver(message(EVENT))

    assert status().body["status"] == "stored"


@pytest.mark.parametrize("unique_id", ["a/b#c d?é%2F", "#", "x" * 255, "é" * 255])
def test_a_unique_id_may_be_any_text(unique_id: str) -> None:
    deliver(message(purchase(1, JANE, unique_id=unique_id)))

    assert status(unique_id).body["uniqueId"] == unique_id


@pytest.mark.parametrize("unique_id", ["x" * 256, "x" * 5_000])
def test_a_unique_id_that_no_event_can_have_is_not_found(unique_id: str) -> None:
    assert status(unique_id).status == 404
