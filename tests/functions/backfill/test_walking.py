"""The walk over a store's customers after a change: it reaches everybody, and then it is over."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from backfill.walking import SLICE_MILLISECONDS, SLICE_SIZE
from footfall.aws.backfills import Walk
from footfall.aws.segments import read_generation, read_segment
from footfall.aws.timeline import PlacedEvent, write_events
from footfall.domain.values import ProfileValue
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import JANE, NOON, STORE, email
from tests.moto_cloud import all_items
from tests.segment_cloud import (
    SegmentCloud,
    happened,
    in_shards,
    put_customers,
    segment_cloud,
    state_items,
)
from tests.segments.naive import Document

JOHN = email("john@example.com")
BUYERS: Document = {"event": "bought"}
LATELY: Document = {"event": "bought", "within": {"last": "30d"}}


@pytest.fixture
def cloud() -> Iterator[SegmentCloud]:
    with segment_cloud() as cloud:
        yield cloud


def customers(number: int) -> list[str]:
    """Return ids of customers, evenly in the sixteen shards."""
    return [f"{n % 16:x}{n:023x}" for n in range(number)]


def there_are(cloud: SegmentCloud, customer_ids: list[str], **fields: ProfileValue) -> None:
    """Put customers of whom the stream has long told."""
    put_customers(customer_ids, **fields)
    cloud.customers.read()


def body(walk: Walk, shard: int | None = None) -> str:
    return json.dumps(
        {
            "storeId": walk.store_id,
            "segmentId": walk.segment_id,
            "number": walk.number,
            "generation": walk.generation,
            "shard": shard,
        }
    )


def bodies(cloud: SegmentCloud) -> list[str]:
    """Take what waits in the back-fill queue, in its order, whatever its delay."""
    waiting = sorted(cloud.waiting[Setting.BACKFILL_QUEUE_URL])
    cloud.waiting[Setting.BACKFILL_QUEUE_URL] = []
    return [one.body for one in waiting]


def building(segment_id: str) -> tuple[int, int | None] | None:
    """Return how many of how many customers are done, as the API shows it; None when it is live."""
    stored = read_segment(STORE, segment_id)
    assert stored is not None
    return None if stored.building is None else (stored.building.done, stored.building.total)


def generations() -> set[str]:
    return {item["generation"]["N"] for item in state_items()}


def refusing(operation: str, matches: Callable[[Mapping[str, Any]], bool]) -> Any:  # noqa: ANN401
    """Refuse such calls, as DynamoDB does when it is throttled."""

    def refuse(carry_out: CarryOut, call: Call) -> object:
        if call[0] == operation and matches(call[1]):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, operation)
        return carry_out()

    return around_every_call(refuse)


def test_who_did_it_before_the_segment_was_there_is_a_member_since_then(
    cloud: SegmentCloud,
) -> None:
    cloud.store(happened("bought", at=NOON - timedelta(days=9)), happened("seen", JOHN))
    cloud.settle()
    cloud.now += timedelta(minutes=1)
    cloud.put_segment("buyers", LATELY)
    cloud.put_segment("idle", {"not": BUYERS})
    assert (building("buyers"), building("idle")) == ((0, None), (0, None))

    cloud.pass_time(timedelta(seconds=10))

    assert (building("buyers"), building("idle")) == (None, None)
    jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
    assert cloud.transitions("buyers") == [("entered", jane, "2026-04-02T12:01:00Z", "definition")]
    assert cloud.transitions("idle") == [("entered", john, "2026-04-02T12:01:00Z", "definition")]
    cloud.check()


def test_a_segment_of_a_store_without_customers_becomes_live(cloud: SegmentCloud) -> None:
    cloud.put_segment("buyers", BUYERS)
    cloud.pass_time(timedelta(seconds=10))

    assert building("buyers") is None
    assert cloud.told == []


def test_it_begins_when_every_worker_has_forgotten_the_segments_of_before(
    cloud: SegmentCloud,
) -> None:
    there_are(cloud, customers(3))
    cloud.put_segment("idle", {"not": BUYERS})
    cloud.pass_time(timedelta(seconds=4))
    assert state_items() == []

    cloud.pass_time(timedelta(seconds=6))
    assert len(state_items()) == 3


def test_the_progress_rises_to_the_number_of_customers(
    cloud: SegmentCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 2)
    there_are(cloud, customers(40))
    walk = cloud.put_segment("idle", {"not": BUYERS})
    cloud.backfill(*bodies(cloud))
    shown = [building("idle")]
    for one in bodies(cloud):
        cloud.backfill(one)
        shown.append(building("idle"))

    assert shown[0] == (0, 40)
    assert shown[-1] is None
    done = [one[0] for one in shown if one]
    assert done == sorted(done)
    assert len(set(done)) > 10
    assert all(one[1] == 40 for one in shown if one)
    assert walk.generation == 1


def test_it_stops_when_the_time_is_up_and_goes_on_where_it_was(
    cloud: SegmentCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_shards(1, monkeypatch)
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 2)
    there_are(cloud, customers(10))
    cloud.put_segment("idle", {"not": BUYERS})
    cloud.backfill(*bodies(cloud))
    left = iter([SLICE_MILLISECONDS, SLICE_MILLISECONDS, SLICE_MILLISECONDS - 1] * 9)
    cloud.milliseconds_left = lambda: next(left)
    decided = []
    while messages := bodies(cloud):
        assert len(messages) == 1
        assert cloud.backfill(*messages) == []
        decided.append(len(state_items()))

    assert decided == [4, 8, 10]
    assert building("idle") is None


def test_it_is_live_only_when_everybody_is_decided(cloud: SegmentCloud) -> None:
    everybody = customers(20)
    there_are(cloud, everybody)
    cloud.put_segment("idle", {"not": BUYERS})
    unlucky = everybody[7]

    def is_unlucky(parameters: Mapping[str, Any]) -> bool:
        return bool(parameters["Item"]["pk"]["S"].endswith(unlucky))

    cloud.backfill(*bodies(cloud))
    with refusing("PutItem", is_unlucky):
        again = [one for one in bodies(cloud) if cloud.backfill(one)]

    assert [json.loads(one)["shard"] for one in again] == [7]
    assert building("idle") == (19, 20)
    assert cloud.backfill(*again) == []
    assert building("idle") is None
    cloud.settle()
    assert cloud.members("idle").keys() == set(everybody)


def test_customers_who_come_while_it_walks_are_decided(
    cloud: SegmentCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 1)
    there_are(cloud, customers(16))
    cloud.put_segment("lately", LATELY)
    cloud.backfill(*bodies(cloud))
    messages = bodies(cloud)
    people = [email(f"{n}@example.com") for n in range(len(messages))]
    for message, person in zip(messages, people, strict=True):
        cloud.store(happened("bought", person, at=cloud.now))
        cloud.backfill(message)
        cloud.settle()

    assert building("lately") is None
    assert cloud.members("lately").keys() == {cloud.customer_id(person) for person in people}
    assert len(state_items()) == 32
    cloud.check()


def test_whoever_comes_between_the_request_and_the_walk_is_decided(
    cloud: SegmentCloud,
) -> None:
    cloud.store(happened("seen", JOHN))
    cloud.settle()
    cloud.put_segment("lately", LATELY)
    cloud.store(happened("bought", JANE))
    cloud.settle()
    cloud.pass_time(timedelta(seconds=10))

    assert cloud.members("lately").keys() == {cloud.customer_id(JANE)}
    assert len(state_items()) == 2
    cloud.check()


def test_an_edit_in_the_middle_begins_anew(
    cloud: SegmentCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 1)
    there_are(cloud, customers(32))
    cloud.store(happened("bought", JANE))
    cloud.settle()
    cloud.put_segment("some", {"not": BUYERS})
    cloud.backfill(*bodies(cloud))
    old = bodies(cloud)
    cloud.backfill(*old[:5])
    cloud.put_segment("some", BUYERS)
    assert building("some") == (0, None)

    cloud.backfill(*old[5:])
    assert building("some") == (0, None)
    assert generations() == {"1"}
    cloud.pass_time(timedelta(seconds=10))

    assert building("some") is None
    assert generations() == {"2"}
    assert cloud.members("some").keys() == {cloud.customer_id(JANE)}
    cloud.check()


def test_everybody_leaves_a_deleted_segment_and_then_it_goes(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS)
    cloud.store(happened("bought"), happened("bought", JOHN))
    cloud.settle()
    cloud.now += timedelta(minutes=1)
    cloud.delete_segment("buyers")
    assert read_generation(STORE) == 2

    cloud.pass_time(timedelta(seconds=10))

    assert read_segment(STORE, "buyers") is None
    assert read_generation(STORE) == 3
    assert cloud.members("buyers") == {}
    left = [one for one in cloud.transitions("buyers") if one[0] == "exited"]
    assert {who for _, who, _, _ in left} == {cloud.customer_id(JANE), cloud.customer_id(JOHN)}
    assert {(when, why) for _, _, when, why in left} == {("2026-04-02T12:01:00Z", "definition")}
    cloud.check()


def test_a_segment_deleted_while_it_is_built_goes_all_the_same(
    cloud: SegmentCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 1)
    there_are(cloud, customers(32))
    cloud.put_segment("idle", {"not": BUYERS})
    cloud.backfill(*bodies(cloud))
    old = bodies(cloud)
    cloud.backfill(*old[:8])
    cloud.settle()
    assert len(cloud.members("idle")) == 16
    cloud.delete_segment("idle")
    cloud.backfill(*old[8:])
    cloud.pass_time(timedelta(seconds=10))

    assert read_segment(STORE, "idle") is None
    assert read_generation(STORE) == 3
    assert cloud.members("idle") == {}
    cloud.check()


def test_a_segment_put_again_under_the_id_of_a_deleted_one_is_another(cloud: SegmentCloud) -> None:
    cloud.put_live(some=BUYERS)
    cloud.store(happened("bought"), happened("seen", JOHN))
    cloud.settle()
    first = cloud.delete_segment("some")
    cloud.pass_time(timedelta(seconds=10))
    second = cloud.put_segment("some", {"not": {"event": "never"}})
    assert cloud.backfill(body(first), body(first, 0)) == []
    assert building("some") == (0, None)
    cloud.pass_time(timedelta(seconds=10))

    assert second.number == 4
    jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
    assert [one[:2] for one in cloud.transitions("some") if one[1] == jane] == [
        ("entered", jane),
        ("exited", jane),
        ("entered", jane),
    ]
    assert cloud.members("some").keys() == {jane, john}
    cloud.check()


def test_twenty_segments_at_once_for_a_hundred_customers(
    cloud: SegmentCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_shards(4, monkeypatch)
    everybody = customers(100)
    there_are(cloud, everybody)
    template = happened("bought", value=7)
    assert write_events([PlacedEvent(template, one) for one in everybody[::10]]) == {}
    cloud.events.read()
    cloud.publishes = False
    for number in range(20):
        compared = {"gte": number} if number % 2 else {"lt": number + 1}
        cloud.put_segment(f"segment-{number}", {**BUYERS, "sum": {"of": "value", **compared}})
    cloud.calls.clear()
    cloud.pass_time(timedelta(seconds=10))

    assert not cloud.is_building()
    bought = set(everybody[::10])
    for segment_id, members in cloud.decided_members().items():
        number = int(segment_id.removeprefix("segment-"))
        if number % 2:
            assert members == (bought if number <= 7 else set())
        else:
            assert members == set(everybody) - (bought if number < 7 else set())
    written = [
        parameters["Item"]["pk"]["S"]
        for operation, parameters in cloud.calls
        if operation == "PutItem" and parameters["TableName"] == Setting.SEGMENT_STATES_TABLE
    ]
    assert len(written) == len(set(written)) == 100


def test_two_chains_in_one_shard_decide_everybody_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk is begun twice, and the chains take turns after every call."""
    in_shards(1, monkeypatch)
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 2)
    for number in range(1, 30, 3):
        with segment_cloud() as cloud:
            there_are(cloud, customers(7))
            walk = cloud.put_segment("idle", {"not": BUYERS})
            start = bodies(cloud)
            cloud.backfill(*start, *start)
            chains = bodies(cloud)
            assert chains == [body(walk, 0).replace(" ", "")] * 2
            made = 0

            def interrupt(carry_out: CarryOut, _call: Call) -> object:
                nonlocal made
                made += 1
                if made == number:  # noqa: B023  # called in this turn of the loop
                    cloud.backfill(chains[1])  # noqa: B023
                return carry_out()

            with around_every_call(interrupt):
                failed = cloud.backfill(chains[0])
            assert cloud.backfill(*failed) == []
            cloud.pass_time(timedelta(seconds=1))
            assert building("idle") is None
            assert cloud.members("idle").keys() == set(customers(7))
            assert {item["version"]["N"] for item in state_items()} == {"1"}
            cloud.check()


def test_a_walk_that_stands_still_is_begun_again_after_three_minutes(cloud: SegmentCloud) -> None:
    everybody = customers(2 * SLICE_SIZE)
    there_are(cloud, everybody)
    cloud.put_segment("idle", {"not": BUYERS})
    cloud.backfill(*bodies(cloud))
    half = bodies(cloud)[:8]
    cloud.backfill(*half)  # the other messages are lost
    cloud.pass_time(timedelta(minutes=3))
    assert building("idle") == (sum(int(one[0], 16) < 8 for one in everybody), len(everybody))

    cloud.pass_time(timedelta(minutes=1, seconds=10))
    assert building("idle") is None
    cloud.settle()
    assert cloud.members("idle").keys() == set(everybody)


def test_a_walk_that_gets_on_is_left_alone(cloud: SegmentCloud) -> None:
    there_are(cloud, customers(16))
    cloud.put_segment("idle", {"not": BUYERS})
    cloud.backfill(*bodies(cloud))
    for message in bodies(cloud)[:-1]:
        cloud.now += timedelta(minutes=2)
        cloud.backfill(message)
        cloud.sweep()
        assert bodies(cloud) == []


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        '{"storeId":"a"}',
        '{"storeId":"a","segmentId":"b","number":"1","generation":1,"shard":null}',
    ],
)
def test_a_message_that_is_none_is_left_out(
    text: str, cloud: SegmentCloud, caplog: pytest.LogCaptureFixture
) -> None:
    assert cloud.backfill(text) == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_messages_of_what_is_over_change_nothing(cloud: SegmentCloud) -> None:
    there_are(cloud, customers(3))
    walk = cloud.put_segment("idle", {"not": BUYERS})
    cloud.pass_time(timedelta(seconds=10))
    before = all_items(Setting.SEGMENTS_TABLE), state_items()
    gone = Walk(STORE, "gone", 1, 1)

    assert cloud.backfill(body(walk), body(walk, 3), body(gone), body(gone, 3)) == []

    assert (all_items(Setting.SEGMENTS_TABLE), state_items()) == before


def test_a_customer_who_cannot_be_decided_stops_no_walk(cloud: SegmentCloud) -> None:
    there_are(cloud, customers(2), **{"customFields.since": "0001-01-01T00:00:00Z"})
    near: Document = {"attribute": "customFields.since", "op": "within_last", "value": "30d"}
    cloud.put_segment("others", {"not": near})
    cloud.pass_time(timedelta(seconds=10))

    assert building("others") is None
    assert len(cloud.members("others")) == 2
