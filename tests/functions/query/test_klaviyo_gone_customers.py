"""Profiles that were merged or deleted, through Klaviyo's routes."""

from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Deletion, Merge
from footfall.http.klaviyo_routes import GET_EVENT, GET_PROFILE, LIST_EVENTS, LIST_PROFILES
from footfall.http.routes import FIND_CUSTOMER
from tests.builders import JANE, NOON, STORE, deliver, message, own_id, purchase
from tests.functions.query.calls import Caller
from tests.functions.query.klaviyo_calls import found, get, ids

OTHER = own_id("crm-7")


def the_id(**query: str) -> str:
    return str(Caller().call(FIND_CUSTOMER, query=query).body["id"])


def events_of(profile_id: str) -> list[str]:
    return ids(found(LIST_EVENTS, {"filter": f'equals(profile_id,"{profile_id}")'}))


def merge(primary: Identifier, secondary: Identifier) -> Merge:
    number = "00000000-0000-7000-8000-0000000000ff"
    return Merge(number, STORE, NOON, "klaviyo", primary, secondary)


def test_what_led_to_a_merged_profile_leads_to_the_one_that_it_became() -> None:
    deliver(message(purchase(1, JANE)), message(purchase(2, OTHER)))
    jane, other = the_id(email=JANE.value), the_id(id=OTHER.value)
    (event_before,) = events_of(other)

    deliver(message(merge(JANE, OTHER)))

    for profile_id in (jane, other, OTHER.value):
        assert found(GET_PROFILE, profileId=profile_id)["data"]["id"] == jane
        assert len(events_of(profile_id)) == 2
    moved = found(GET_EVENT, eventId=event_before)["data"]
    assert moved["id"] in events_of(jane)
    assert moved["relationships"]["profile"]["data"]["id"] == jane
    assert ids(found(LIST_PROFILES)) == [jane]
    both = found(LIST_PROFILES, {"filter": f'any(id,["{jane}","{other}"])'})
    assert ids(both) == [jane]


def test_a_deleted_profile_is_gone() -> None:
    deliver(message(purchase(1, JANE)))
    jane = the_id(email=JANE.value)
    (event,) = events_of(jane)
    later = NOON.replace(year=NOON.year + 1)

    deliver(message(Deletion("00000000-0000-7000-8000-0000000000fe", STORE, later, "x", JANE)))

    assert get(GET_PROFILE, profileId=jane).status == 404
    assert get(GET_EVENT, eventId=event).status == 404
    assert events_of(jane) == []
    assert found(LIST_PROFILES)["data"] == []
    assert found(LIST_PROFILES, {"filter": f'equals(email,"{JANE.value}")'})["data"] == []
