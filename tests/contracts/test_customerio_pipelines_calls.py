"""What each call of the Pipelines API means: the event, the statement or the merge it becomes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from footfall.contracts.customerio_calls import CallType
from footfall.domain.envelope import read_instruction, split_envelope, to_envelope
from footfall.domain.events import IDENTIFY, Event, UniqueRule
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Instruction, Merge
from footfall.domain.strict_json import dump_json, parse_json
from tests.builders import anonymous, email, own_id, phone
from tests.contracts.pipelines_calls import (
    COMMON,
    NOW,
    STORE,
    event_of,
    ids,
    instructions_of,
)
from tests.contracts.redo_documents import event_of as redo_event_of

FIRST_ID = next(ids())


def test_a_track_call_is_the_event_it_names_of_the_user() -> None:
    event = event_of(
        CallType.TRACK,
        **COMMON,
        type="track",
        userId="97980cfea0067",
        event="Course Started",
        properties={"title": "Intro", "students": ["a", "b"], "price": Decimal("1.50")},
    )
    assert event == Event(
        event_id=FIRST_ID,
        store_id=STORE,
        event_name="Course Started",
        event_timestamp=datetime(2026, 4, 1, 19, 11, 1, 249_000, tzinfo=UTC),
        received_at=NOW,
        source="pipelines",
        identifiers=[own_id("97980cfea0067")],
        data={"title": "Intro", "students": ["a", "b"], "price": Decimal("1.50")},
        unique_id="ajs-f8ca1e4de5024d9430b3928bd8ac6b96",
        unique_scope="pipelines",
        unique_rule=UniqueRule.FIRST,
    )


def test_what_the_client_says_of_itself_leaves_no_trace() -> None:
    told = event_of(CallType.TRACK, userId="1", event="e", messageId="m", timestamp="2026-04-01")
    common = {**COMMON, "messageId": "m", "timestamp": "2026-04-01"}
    assert event_of(CallType.TRACK, userId="1", event="e", **common) == told


def test_a_call_with_both_ids_names_the_person_and_the_browser() -> None:
    event = event_of(CallType.TRACK, userId="1", anonymousId="a-1", event="e")
    assert event.identifiers == [own_id("1"), anonymous("a-1")]


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_an_id_that_is_null_or_empty_is_none(nothing: str | None) -> None:
    call = {"anonymousId": "a-1", "event": "e", "userId": nothing, "messageId": nothing}
    event = event_of(CallType.TRACK, **call, properties=None, timestamp=None, context=None)
    assert event.identifiers == [anonymous("a-1")]
    assert event.unique_id is None
    assert event.data == {}


@pytest.mark.parametrize(("sent", "kept"), [(42, "42"), (Decimal("1.5"), "1.5"), (" 7 ", "7")])
def test_an_id_may_be_a_number(sent: object, kept: str) -> None:
    assert event_of(CallType.TRACK, userId=sent, event="e").identifiers == [own_id(kept)]
    assert event_of(CallType.GROUP, userId="u", groupId=sent).data == {"groupId": kept}
    assert event_of(CallType.TRACK, userId="u", event="e", messageId=sent).unique_id == kept


def test_a_user_id_that_is_an_address_names_by_it() -> None:
    event = event_of(CallType.TRACK, userId="Jane@Example.com", event="e")
    assert event.identifiers == [email("jane@example.com")]
    assert event.profile == {"email": "jane@example.com"}


def test_a_user_id_may_be_footfalls_own_id_of_a_customer() -> None:
    assert event_of(CallType.TRACK, userId="cio_1f2e", event="e").identifiers == [own_id("1f2e")]
    assert event_of(CallType.TRACK, userId="cio_", event="e").identifiers == [own_id("cio_")]


def test_reserved_keys_are_kept_and_marked() -> None:
    properties = {"recipient": "a@example.com", "reply_to": "", "$extra": {"raw": 1}}
    event = event_of(CallType.TRACK, userId="1", event="e", properties=properties)
    assert event.data == {"recipient": "a@example.com"}
    assert event.extra == {"raw": 1, "reserved": {"recipient": "a@example.com"}}


def test_an_event_is_stored_as_the_same_event_of_redos_contract() -> None:
    properties = {
        "category": "apparel",
        "items": [{"price": 0}],
        "none": None,
        "zero": 0,
        "empty": "",
        "no": False,
        "value": Decimal("149.99"),
        "currency": "USD",
        "$extra": {"raw": [1]},
    }
    told = event_of(CallType.TRACK, userId="42", event=" Purchase ", properties=properties)
    redo = redo_event_of(
        {
            "eventName": "Purchase",
            "customer": {"id": "42"},
            "data": properties,
            "value": Decimal("149.99"),
            "valueCurrency": "USD",
        }
    )
    assert told == replace(
        redo,
        event_id=told.event_id,
        store_id=told.store_id,
        event_timestamp=NOW,
        received_at=NOW,
        source="pipelines",
        unique_scope="pipelines",
    )


def test_a_page_call_is_an_event_with_the_name_of_the_page() -> None:
    event = event_of(
        CallType.PAGE,
        anonymousId="a-1",
        name="Home",
        category="Docs",
        properties={"url": "https://example.com/"},
    )
    assert event.event_name == "page"
    assert event.data == {"name": "Home", "category": "Docs", "url": "https://example.com/"}


def test_the_properties_of_a_view_go_before_its_name_and_category() -> None:
    own = {"name": "Own", "category": "Own too"}
    event = event_of(CallType.SCREEN, userId="1", name="Home", category="Docs", properties=own)
    assert event.event_name == "screen"
    assert event.data == own


def test_the_name_and_the_category_of_a_view_are_trimmed() -> None:
    event = event_of(CallType.PAGE, userId="1", name=" Home\n", category=" Docs ")
    assert event.data == {"name": "Home", "category": "Docs"}


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_a_view_needs_no_name(nothing: str | None) -> None:
    assert event_of(CallType.PAGE, userId="1", name=nothing, category=nothing).data == {}


def test_a_group_call_is_an_event_with_the_groups_traits() -> None:
    event = event_of(
        CallType.GROUP, userId="1", groupId="g-1", traits={"name": "Acme", "groupId": "not it"}
    )
    assert event.event_name == "group"
    assert event.data == {"name": "Acme", "groupId": "g-1"}


def test_an_identify_call_states_traits_of_a_person() -> None:
    event = event_of(
        CallType.IDENTIFY,
        **COMMON,
        userId="97980cfea0067",
        anonymousId="a-1",
        traits={
            "email": "Cool.Person@example.com",
            "phone": "+1 415 555 0123",
            "firstName": "Cool",
            "last_name": "Person",
            "likes_baseball": True,
            "games_attended": 5,
            "plan": None,
            "address": {"city": "Seattle"},
        },
    )
    assert event.event_name == IDENTIFY
    assert event.data == {}
    assert event.identifiers == [
        own_id("97980cfea0067"),
        email("cool.person@example.com"),
        phone("+14155550123"),
        anonymous("a-1"),
    ]
    assert event.profile == {
        "email": "cool.person@example.com",
        "phoneNumber": "+14155550123",
        "firstName": "Cool",
        "lastName": "Person",
        "customFields.likes_baseball": True,
        "customFields.games_attended": 5,
        "customFields.plan": None,
        "customFields.address": '{"city":"Seattle"}',
    }
    assert (event.unique_id, event.unique_scope) == (COMMON["messageId"], "pipelines")


@pytest.mark.parametrize(
    ("ids_of_call", "identifiers"),
    [
        ({"traits": {"email": "jane@example.com"}}, [email("jane@example.com")]),
        ({"userId": "", "traits": {"email": "jane@example.com"}}, [email("jane@example.com")]),
        ({"anonymousId": "a-1", "traits": None}, [anonymous("a-1")]),
        ({"userId": "j@a.com", "traits": {"email": "j@a.com"}}, [email("j@a.com")]),
        (
            {"userId": "j@a.com", "traits": {"email": "k@a.com"}},
            [email("j@a.com"), email("k@a.com")],
        ),
        ({"userId": "1", "traits": {"email": "not an address"}}, [own_id("1")]),
    ],
)
def test_who_is_identified(ids_of_call: dict[str, object], identifiers: list[Identifier]) -> None:
    assert event_of(CallType.IDENTIFY, **ids_of_call).identifiers == identifiers


def test_an_alias_merges_two_ids_and_joins_an_anonymous_one() -> None:
    merge, statement = instructions_of(CallType.ALIAS, {"userId": "new", "previousId": "old"})
    assert merge == Merge(FIRST_ID, STORE, NOW, "pipelines", own_id("new"), own_id("old"))
    assert isinstance(statement, Event)
    assert statement.event_name == IDENTIFY
    assert statement.identifiers == [own_id("new"), anonymous("old")]
    assert statement.event_id > merge.merge_id


def test_an_alias_of_a_page_joins_anonymous_ids_only() -> None:
    call = {"userId": "new", "previousId": "a-1", "anonymousId": "a-2"}
    (statement,) = instructions_of(CallType.ALIAS, call, may_write_customers=False)
    assert isinstance(statement, Event)
    assert statement.identifiers == [own_id("new"), anonymous("a-1"), anonymous("a-2")]


def test_an_alias_of_an_id_to_itself_merges_nothing() -> None:
    (statement,) = instructions_of(CallType.ALIAS, {"userId": "u", "previousId": "u"})
    assert isinstance(statement, Event)


@pytest.mark.parametrize(
    ("times", "moment"),
    [
        ({"timestamp": "2026-04-01T12:00:00Z"}, datetime(2026, 4, 1, 12, tzinfo=UTC)),
        ({"timestamp": "2026-04-01T14:00:00+02:00"}, datetime(2026, 4, 1, 12, tzinfo=UTC)),
        (
            {"timestamp": "2026-04-01T12:00:00.123456789Z"},
            datetime(2026, 4, 1, 12, 0, 0, 123_456, tzinfo=UTC),
        ),
        ({"timestamp": "2026-04-01T12:00:00"}, datetime(2026, 4, 1, 12, tzinfo=UTC)),
        ({"timestamp": "2026-04-01"}, datetime(2026, 4, 1, tzinfo=UTC)),
        ({"originalTimestamp": "2026-04-01T12:00:00Z"}, datetime(2026, 4, 1, 12, tzinfo=UTC)),
        (
            {"timestamp": None, "originalTimestamp": "2026-04-01T12:00:00Z"},
            datetime(2026, 4, 1, 12, tzinfo=UTC),
        ),
        ({}, NOW),
        ({"timestamp": "yesterday"}, NOW),
        ({"timestamp": ""}, NOW),
        ({"timestamp": 1_561_231_234}, NOW),
        ({"timestamp": {"a": []}}, NOW),
        ({"timestamp": "1989-12-31T23:59:59Z"}, NOW),
        ({"timestamp": "2099-01-01T00:00:00Z"}, NOW),
        ({"sentAt": "2026-04-01T12:00:00Z", "receivedAt": "2026-04-01T12:00:00Z"}, NOW),
    ],
)
def test_when_it_happened(times: dict[str, object], moment: datetime) -> None:
    assert event_of(CallType.TRACK, userId="1", event="e", **times).event_timestamp == moment


def test_a_moment_ahead_is_believed_up_to_a_year() -> None:
    ahead = NOW + timedelta(days=365)
    event = event_of(CallType.TRACK, userId="1", event="e", timestamp=ahead.isoformat())
    assert event.event_timestamp == ahead


@pytest.mark.parametrize(
    ("call_type", "call"),
    [
        (CallType.IDENTIFY, {"userId": "1", "traits": {"plan": None, "age": 5}}),
        (CallType.TRACK, {"anonymousId": "a", "event": "e", "properties": {"$extra": [1]}}),
        (CallType.PAGE, {"userId": "1"}),
        (CallType.ALIAS, {"userId": "1", "previousId": "2", "anonymousId": "3"}),
        (CallType.TRACK, {"userId": "1", "event": "User Deleted"}),
    ],
)
def test_what_a_call_means_travels_through_the_queue(
    call_type: CallType, call: dict[str, object]
) -> None:
    instructions = instructions_of(call_type, {**call, "messageId": "m-1"})
    envelope = parse_json(dump_json(to_envelope(instructions)))
    arrived: list[Instruction] = [read_instruction(one) for one in split_envelope(envelope)]
    assert arrived == instructions
