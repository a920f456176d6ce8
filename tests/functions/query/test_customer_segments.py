"""What a customer is in, and since when: by the customer's state, before the lists follow it."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from footfall.aws.deciding import Outcome, catch_up
from footfall.aws.members import settle_members
from footfall.aws.segments import read_generation
from footfall.domain.timestamps import format_timestamp
from footfall.http.routes import (
    DELETE_SEGMENT,
    GET_CUSTOMER,
    LIST_CUSTOMER_SEGMENTS,
    PUT_SEGMENT,
)
from footfall.settings import Setting
from tests.aws_calls import recorded_calls
from tests.builders import NOON, STORE, deliver, message, own_id, purchase
from tests.functions.query.calls import Answer, Caller
from tests.moto_cloud import all_items

CALLER = Caller()
BOUGHT = {"event": "purchase_completed"}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Let the engine decide a day after noon, unless the test sets another time."""
    times = [NOON + 24 * HOUR]

    class Clock(datetime):
        @classmethod
        def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]
            return times[-1]

    monkeypatch.setattr("footfall.aws.deciding.datetime", Clock)
    return times


@pytest.fixture
def jane() -> str:
    """Store one purchase of a customer, and return the customer's id."""
    deliver(message(purchase(1, own_id("crm-7"), minute=0)))
    return str(CALLER.call(GET_CUSTOMER, customerId="crm-7").body["id"])


def put(segment_id: str, definition: object = BOUGHT, name: str | None = None) -> None:
    body = {"name": name or segment_id, "definition": definition}
    assert CALLER.call(PUT_SEGMENT, body=body, segmentId=segment_id).status < 300


def decide(customer_id: str) -> Outcome:
    outcome = catch_up(STORE, [customer_id], read_generation(STORE))
    assert not outcome.refused
    assert not outcome.undecided
    return outcome


def publish(customer_id: str, **since: datetime | None) -> None:
    """Let the entries, and exits, arrive in the lists of the segments' members."""
    shard = int(customer_id[0], 16)
    settle_members({f"{STORE}#{one}#{shard}": {customer_id: at} for one, at in since.items()})


def segments(token: str | None = None, customer_id: str = "crm-7") -> Answer:
    headers = {} if token is None else {"X-Page-Continue": token}
    return CALLER.call(LIST_CUSTOMER_SEGMENTS, headers=headers, customerId=customer_id)


def since(answer: Answer) -> Mapping[str, str | None]:
    assert answer.status == 200
    return {one["id"]: one["since"] for one in answer.body["segments"]}


def test_a_customer_is_in_the_segments_that_say_so(jane: str) -> None:
    put("buyers", name="Who bought")
    put("idle", {"not": BOUGHT})
    put("quiet", {"not": {"event": "complained"}})
    decide(jane)
    publish(jane, buyers=NOON, quiet=NOON + HOUR)

    assert segments().body == segments(customer_id=jane).body
    assert segments().body["segments"] == [
        {"id": "buyers", "name": "Who bought", "since": since(segments())["buyers"]},
        {"id": "quiet", "name": "quiet", "since": since(segments())["quiet"]},
    ]


def test_before_anybody_is_decided_nobody_is_in_a_segment(jane: str) -> None:
    assert jane
    assert segments().body == {"segments": []}
    put("quiet", {"not": {"event": "complained"}})
    assert segments().body == {"segments": []}


def test_an_entry_shows_before_it_is_in_the_lists(jane: str) -> None:
    put("buyers")
    assert decide(jane).written == 1
    assert all_items(Setting.MEMBERS_TABLE) == []
    (told,) = since(segments()).values()
    publish(jane, buyers=datetime(2026, 1, 1, tzinfo=UTC))  # of an earlier stay
    assert since(segments()) == {"buyers": told}


def test_since_when_is_unknown_until_it_is_in_the_lists(jane: str) -> None:
    put("buyers")
    decide(jane)
    put("others", {"event": "viewed"})
    assert decide(jane).written == 1  # the state of before is gone, with what it told

    assert since(segments()) == {"buyers": None}
    publish(jane, buyers=NOON)
    assert since(segments()) == {"buyers": format_timestamp(NOON)}


def test_an_exit_shows_before_it_is_in_the_lists(jane: str, clock: list[datetime]) -> None:
    put("recent", {**BOUGHT, "within": {"last": "2d"}})
    decide(jane)
    publish(jane, recent=NOON)
    assert since(segments()).keys() == {"recent"}

    clock.append(NOON + 48 * HOUR)
    put("others", {"event": "viewed"})
    decide(jane)

    assert since(segments()) == {}


def test_a_segment_that_is_being_deleted_is_left_out(jane: str) -> None:
    put("a")
    put("b")
    decide(jane)
    assert since(segments()).keys() == {"a", "b"}
    CALLER.call(DELETE_SEGMENT, segmentId="a")
    assert since(segments()).keys() == {"b"}
    decide(jane)
    assert since(segments()).keys() == {"b"}


def test_a_segment_has_the_name_of_now(jane: str) -> None:
    put("a", name="old")
    decide(jane)
    assert [one["name"] for one in segments().body["segments"]] == ["old"]
    put("a", name="new")
    assert [one["name"] for one in segments().body["segments"]] == ["new"]


def test_a_segment_newer_than_what_this_process_knows_is_found(jane: str) -> None:
    put("a")
    decide(jane)
    assert since(segments()).keys() == {"a"}  # from now on the segments are known
    put("b")
    decide(jane)
    assert since(segments()).keys() == {"a", "b"}


@pytest.mark.parametrize("size", [1, 2, 6, 7, 8, 500])
def test_pages_walk_every_membership_once_in_order(jane: str, size: int) -> None:
    ids = ["-", "0", "A", "Z", "_", "a", "aa"]
    for segment_id in reversed(ids):
        put(segment_id)
        put(f"not-{segment_id}", {"not": BOUGHT})
    decide(jane)

    pages = list(CALLER.pages(LIST_CUSTOMER_SEGMENTS, "segments", size=size, customerId=jane))

    assert [one["id"] for one in chain.from_iterable(pages)] == ids
    assert all(len(page) == size for page in pages[:-1])
    assert all(pages)


@pytest.mark.parametrize("after", ["#generation", "a#b", " ", "a\n", "x" * 65])
def test_a_token_that_names_no_segment_is_refused(jane: str, after: str) -> None:
    assert jane
    assert segments(urlsafe_b64encode(after.encode()).decode()).status == 400


def test_an_unknown_customer_is_not_found() -> None:
    assert segments().status == 404
    assert segments(customer_id="x" * 300).status == 404


def test_the_lists_are_asked_only_for_what_a_page_shows(jane: str) -> None:
    for number in range(30):
        put(f"s{number:0>2}")
    decide(jane)
    segments()

    with recorded_calls() as calls:
        assert len(segments().body["segments"]) == 20

    assert {operation for operation, _ in calls} <= {"GetItem", "BatchGetItem"}
    asked = [
        (table, len(keys["Keys"]))
        for operation, parameters in calls
        if operation == "BatchGetItem"
        for table, keys in parameters["RequestItems"].items()
    ]
    assert (Setting.SEGMENTS_TABLE, 20) in asked
    assert (Setting.MEMBERS_TABLE, 20) in asked
