"""Customer.io's Track API, version 1: what its clients send, and what they are answered."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from footfall.aws.clients import sqs
from footfall.domain.events import IDENTIFY, UniqueRule
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Deletion, Merge
from footfall.domain.stores import Scope
from footfall.http.customerio_routes import (
    DELETE_DEVICE,
    DELETE_PERSON,
    GET_REGION,
    IDENTIFY_PERSON,
    MERGE_PEOPLE,
    PUT_DEVICE,
    SUPPRESS_PERSON,
    TRACK_ANONYMOUS,
    TRACK_PERSON,
    UNSUPPRESS_PERSON,
)
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from ingest.handler import handler
from tests.builders import anonymous, email, own_id
from tests.functions.ingest.track_calls import (
    call,
    call_with,
    message_of,
    messages,
    told,
    told_event,
)
from tests.proxy_events import STORE, headers_of, json_of, proxy_event

pytestmark = pytest.mark.usefixtures("queue")

EVENT = {"name": "purchased", "data": {"price": Decimal("23.45")}}
ULID = "01HB4HBDKTFWYZCK01DMRSWRFD"


def assert_accepted(response: ProxyResponse) -> None:
    """Look for exactly what the SDKs need: the Node one takes 202 and 204 for failures."""
    assert response == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": "{}",
    }


@pytest.mark.parametrize(
    ("route", "document"),
    [
        (IDENTIFY_PERSON, {"plan": "premium"}),
        (IDENTIFY_PERSON, {}),
        (DELETE_PERSON, {}),  # the Python SDK
        (DELETE_PERSON, None),  # the Node SDK
        (TRACK_PERSON, EVENT),
        (TRACK_ANONYMOUS, {**EVENT, "anonymous_id": "anon-1"}),
        (PUT_DEVICE, {"device": {"id": "token", "platform": "ios"}}),
        (DELETE_DEVICE, {}),
        (SUPPRESS_PERSON, {}),
        (SUPPRESS_PERSON, None),
        (UNSUPPRESS_PERSON, {}),
        (MERGE_PEOPLE, {"primary": {"id": "5"}, "secondary": {"email": "jane@example.com"}}),
    ],
)
def test_every_call_is_answered_with_200_and_an_empty_object(
    route: Route, document: object
) -> None:
    assert_accepted(call(route, document))
    assert len(messages()) == 1


def test_an_event_as_the_sdks_send_it() -> None:
    assert_accepted(call(TRACK_PERSON, {**EVENT, "id": ULID, "timestamp": 1_561_231_234}))
    event = told_event()
    assert event.store_id == STORE
    assert event.source == "customerio"
    assert event.event_name == "purchased"
    assert event.identifiers == [own_id("5")]
    assert event.event_timestamp == datetime(2019, 6, 22, 19, 20, 34, tzinfo=UTC)
    assert event.data == {"price": Decimal("23.45")}
    assert (event.unique_id, event.unique_scope) == (ULID, "customerio")
    assert event.unique_rule is UniqueRule.FIRST


def test_without_a_timestamp_an_event_is_of_now() -> None:
    before = datetime.now(UTC)
    call(TRACK_PERSON, EVENT)
    assert before <= told_event().event_timestamp <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("person", "identifier"),
    [
        ("5", own_id("5")),
        ("u 1/é@x", own_id("u 1/é@x")),  # no address, as it has a space
        ("Jane@Example.com", email("jane@example.com")),
        ("100%25", own_id("100%25")),
        ("cio_665f1a2b3c4d5e6f7a8b9c0d", own_id("665f1a2b3c4d5e6f7a8b9c0d")),
        ("+14155550123", own_id("+14155550123")),
        ("日本", own_id("日本")),
    ],
)
def test_a_person_in_the_path_is_known_by_the_shape_of_the_name(
    person: str, identifier: Identifier
) -> None:
    assert_accepted(call(TRACK_PERSON, EVENT, person=person))
    assert told_event().identifiers == [identifier]


def test_identifying_states_attributes_and_brings_identifiers() -> None:
    attributes = {
        "id": "6",
        "email": "Jane@Example.com",
        "anonymous_id": "anon-1",
        "cio_id": "cio_abc",
        "first_name": "Jane",
        "plan": "premium",
        "unsubscribed": False,
        "created_at": 1_561_231_234,
        "_timestamp": 1_561_231_235,
        "_update": True,
        "cio_relationships": {"action": "add_relationships", "relationships": []},
    }
    assert_accepted(call(IDENTIFY_PERSON, attributes, person="5"))
    event = told_event()
    assert event.event_name == IDENTIFY
    assert event.event_timestamp == datetime(2019, 6, 22, 19, 20, 35, tzinfo=UTC)
    assert event.identifiers == [
        own_id("5"),
        own_id("abc"),
        own_id("6"),
        email("jane@example.com"),
        anonymous("anon-1"),
    ]
    assert event.profile == {
        "email": "jane@example.com",
        "firstName": "Jane",
        "customFields.plan": "premium",
        "customFields.unsubscribed": False,
        "customFields.created_at": 1_561_231_234,
    }


def test_an_invitation_is_of_whom_it_is_sent_to() -> None:
    document = {"name": "invited", "anonymous_id": None, "data": {"recipient": "Al@Example.com"}}
    assert_accepted(call(TRACK_ANONYMOUS, document))
    event = told_event()
    assert event.identifiers == [email("al@example.com")]
    assert event.profile == {"email": "al@example.com"}


def test_an_anonymous_event_is_of_its_anonymous_id_even_with_a_recipient() -> None:
    document = {"name": "shared", "anonymous_id": "a", "data": {"recipient": "al@example.com"}}
    call(TRACK_ANONYMOUS, document)
    assert told_event().identifiers == [anonymous("a")]


@pytest.mark.parametrize("anonymous_id", [{}, {"anonymous_id": None}, {"anonymous_id": ""}])
def test_an_event_of_nobody_is_refused(anonymous_id: dict[str, str | None]) -> None:
    assert "anonymous_id" in str(message_of(call(TRACK_ANONYMOUS, {**EVENT, **anonymous_id})))
    assert messages() == []


@pytest.mark.parametrize("recipient", ["", "Al", 5, ["al@example.com"]])
def test_an_invitation_to_no_address_is_refused(recipient: object) -> None:
    document = {"name": "invited", "data": {"recipient": recipient}}
    assert message_of(call(TRACK_ANONYMOUS, document)) == "recipient must be an e-mail address"


def test_a_device_is_a_field_of_the_profile_until_it_is_deleted() -> None:
    # The Python SDK puts further keys beside these, the Node one into `attributes`.
    device = {"id": "t/1", "platform": "ios", "last_used": 1, "attributes": {"app": "2"}}
    call(PUT_DEVICE, {"device": device})
    assert told_event().profile == {"customFields.device t/1": "ios"}
    call(DELETE_DEVICE, {}, device="t/1")
    event = told_event()
    assert event.profile == {"customFields.device t/1": None}
    assert (event.event_name, event.identifiers) == (IDENTIFY, [own_id("5")])


@pytest.mark.parametrize("device", [None, "x", {}, {"id": "t"}, {"platform": "ios"}, {"id": ""}])
def test_a_device_without_id_or_platform_is_refused(device: object) -> None:
    assert "must not be blank" in str(message_of(call(PUT_DEVICE, {"device": device})))


def test_suppression_is_a_field_of_the_profile_until_it_ends() -> None:
    call(SUPPRESS_PERSON)
    assert told_event().profile == {"customFields.suppressed": True}
    call(UNSUPPRESS_PERSON)
    assert told_event().profile == {"customFields.suppressed": None}


def test_a_deletion_asks_to_forget_the_person() -> None:
    call(DELETE_PERSON, person="jane@example.com")
    deletion = told()
    assert isinstance(deletion, Deletion)
    assert deletion.identifier == email("jane@example.com")
    assert (deletion.store_id, deletion.source) == (STORE, "customerio")


def test_a_merge_names_both() -> None:
    names = {"primary": {"cio_id": "abc"}, "secondary": {"email": "Jane@Example.com"}}
    assert_accepted(call(MERGE_PEOPLE, names))
    merge = told()
    assert isinstance(merge, Merge)
    assert (merge.primary, merge.secondary) == (own_id("abc"), email("jane@example.com"))


@pytest.mark.parametrize(
    "names",
    [
        {},
        {"primary": {"id": "5"}},
        {"primary": {"id": "5"}, "secondary": {}},
        {"primary": {"id": "5"}, "secondary": {"id": "6", "email": "jane@example.com"}},
        {"primary": {"id": "5"}, "secondary": {"phone": "+14155550123"}},
        {"primary": {"id": "5"}, "secondary": {"id": "5"}},
        {"primary": {"id": "5"}, "secondary": {"id": ""}},
        {"primary": {"id": "5"}, "secondary": {"email": "jane"}},
        {"primary": "5", "secondary": "6"},
    ],
)
def test_a_merge_of_anything_but_two_people_is_refused(names: object) -> None:
    assert message_of(call(MERGE_PEOPLE, names))
    assert messages() == []


def test_a_merge_takes_whole_numbers_for_ids() -> None:
    assert_accepted(call(MERGE_PEOPLE, {"primary": {"id": 5}, "secondary": {"id": 6}}))


@pytest.mark.parametrize("route", [DELETE_PERSON, MERGE_PEOPLE, SUPPRESS_PERSON, UNSUPPRESS_PERSON])
def test_a_key_that_may_only_send_events_deletes_and_merges_nobody(route: Route) -> None:
    response = call(route, {}, scopes=Scope.CUSTOMER_EVENTS_WRITE)
    assert response["statusCode"] == 403
    assert Scope.CUSTOMERS_WRITE in json_of(response)["meta"]["error"]
    assert messages() == []


@pytest.mark.parametrize("route", [IDENTIFY_PERSON, TRACK_PERSON])
def test_a_key_that_may_send_events_is_enough_for_them(route: Route) -> None:
    assert_accepted(call(route, EVENT, scopes=Scope.CUSTOMER_EVENTS_WRITE))


def test_the_region_is_where_the_request_was_sent_to() -> None:
    headers = {"Host": "events.example.com", "X-Forwarded-Proto": "https"}
    response = handler(proxy_event(GET_REGION, headers=headers), None)
    assert response["statusCode"] == 200
    region = json_of(response)
    assert region.pop("environment_id") >= 0
    assert region == {"url": "https://events.example.com", "region": "us"}


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "5"])
def test_a_body_that_is_no_object_is_refused_in_words(body: str) -> None:
    assert message_of(call_with(TRACK_PERSON, body))
    assert messages() == []


def test_a_body_of_another_media_type_is_refused_in_words() -> None:
    response = call_with(TRACK_PERSON, "<event/>", "text/xml")
    assert response["statusCode"] == 415
    assert json_of(response)["meta"]["error"]


def test_when_sqs_fails_nothing_is_accepted_and_a_retry_is_asked_for(queue: str) -> None:
    sqs().delete_queue(QueueUrl=queue)
    response = call(TRACK_PERSON, EVENT)
    assert response["statusCode"] == 503
    assert headers_of(response)["Retry-After"].isdecimal()
    assert json_of(response)["meta"]["error"]
