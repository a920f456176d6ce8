"""What the two streams tell, in whatever order, once or again, with or without broken records."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from footfall.settings import Setting
from tests.aws_calls import Call as AwsCall
from tests.aws_calls import CarryOut, around_every_call
from tests.builders import JANE, NOON, email
from tests.segment_cloud import Records, SegmentCloud, happened, segment_cloud, state_items
from tests.segments.naive import Document

JOHN, JILL = email("john@example.com"), email("jill@example.com")
BUYERS: Document = {"event": "bought", "within": {"last": "30d"}}
SPENDERS: Document = {"event": "bought", "sum": {"of": "value", "gte": 100}}
GOLD: Document = {"attribute": "customFields.tier", "op": "eq", "value": "Gold"}


@pytest.fixture
def cloud() -> Iterator[SegmentCloud]:
    with segment_cloud() as cloud:
        yield cloud


def writes(cloud: SegmentCloud) -> list[str]:
    """Return the keys of the states that were written, in order."""
    return [
        parameters["Item"]["pk"]["S"].partition("#")[2]
        for operation, parameters in cloud.calls
        if operation == "PutItem" and parameters["TableName"] == Setting.SEGMENT_STATES_TABLE
    ]


def numbers(records: Records) -> list[str]:
    return [record["dynamodb"]["SequenceNumber"] for record in records]


def test_an_event_makes_its_customer_a_member_since_it_happened(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS)
    cloud.now = NOON + timedelta(minutes=5)
    cloud.store(happened("bought", at=NOON + timedelta(minutes=3)))
    cloud.settle()

    jane = cloud.customer_id(JANE)
    assert cloud.members("buyers") == {jane: "2026-04-02T12:03:00Z"}
    assert cloud.transitions("buyers") == [("entered", jane, "2026-04-02T12:03:00Z", "event")]
    cloud.check()


def test_a_changed_profile_lets_its_customer_in_and_out(cloud: SegmentCloud) -> None:
    cloud.put_live(gold=GOLD)
    for minute, tier in enumerate(("Silver", "Gold", "Gold", "Silver"), start=1):
        cloud.now = NOON + timedelta(minutes=minute)
        cloud.store(happened("renewed", at=cloud.now, profile={"customFields.tier": tier}))
        cloud.settle()

    jane = cloud.customer_id(JANE)
    assert cloud.transitions("gold") == [
        ("entered", jane, "2026-04-02T12:02:00Z", "profile"),
        ("exited", jane, "2026-04-02T12:04:00Z", "profile"),
    ]
    cloud.check()


def test_the_events_of_a_customer_are_one_write(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS, spenders=SPENDERS)
    cloud.store(happened("seen"))
    cloud.settle()
    cloud.calls.clear()
    cloud.store(*(happened("bought", at=cloud.now, value=1) for _ in range(100)))
    cloud.settle()

    assert len(writes(cloud)) == 1
    assert cloud.members("buyers").keys() == cloud.members("spenders").keys() != set()


def test_a_batch_of_many_customers_is_one_write_each(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS)
    people = [email(f"{n}@example.com") for n in range(10)]
    cloud.store(*(happened("bought", person) for person in people for _ in range(3)))
    assert cloud.segment(cloud.events.read()) is None

    assert sorted(writes(cloud)) == sorted(cloud.customer_id(person) for person in people)
    reads = [operation for operation, _ in cloud.calls if operation == "BatchGetItem"]
    assert len(reads) < 10


def test_a_batch_that_comes_again_writes_nothing(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS, spenders=SPENDERS, gold=GOLD)
    cloud.store(*(happened("bought", JANE, at=cloud.now, value=30) for _ in range(2)))
    first = cloud.events.read()
    cloud.segment(first)
    cloud.store(*(happened("bought", who, at=cloud.now, value=30) for who in (JANE, JOHN)))
    second = cloud.events.read()
    cloud.segment(second)
    profiles = cloud.customers.read()
    cloud.segment(profiles)
    before, told = state_items(), len(cloud.told)
    cloud.calls.clear()

    for batch in (second, first, [*first, *second], profiles, second):
        assert cloud.segment(batch) is None

    assert writes(cloud) == []
    assert state_items() == before
    assert len(cloud.told) == told


def test_a_first_profile_is_no_news_about_those_who_are_decided(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS, gold=GOLD)
    cloud.store(*(happened("bought", who) for who in (JANE, JOHN)))
    cloud.segment(cloud.events.read())
    cloud.calls.clear()
    cloud.segment(cloud.customers.read())

    assert Setting.SEGMENT_STATES_TABLE in str(cloud.calls)
    assert Setting.CUSTOMERS_TABLE not in str(cloud.calls)
    cloud.check()


def test_a_profile_that_has_changed_since_is_news(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS, gold=GOLD)
    cloud.store(happened("bought"))
    cloud.segment(cloud.events.read())
    cloud.now += timedelta(minutes=1)
    cloud.store(happened("renewed", at=cloud.now, profile={"customFields.tier": "Gold"}))
    cloud.segment(cloud.customers.read())

    assert cloud.decided_members()["gold"] == {cloud.customer_id(JANE)}


def test_whichever_stream_is_first_the_end_is_the_same() -> None:
    ends = []
    for customers_first in (False, True):
        with segment_cloud() as cloud:
            cloud.put_live(
                buyers=BUYERS, gold_spenders={"all": [GOLD, SPENDERS]}, others={"not": BUYERS}
            )
            cloud.store(
                happened("bought", at=NOON, value=200, profile={"customFields.tier": "Gold"}),
                happened("bought", JOHN, at=NOON, value=200),
                happened("seen", JILL, at=NOON),
            )
            cloud.settle(customers_first=customers_first)
            cloud.check()
            people = {cloud.customer_id(one): one.value for one in (JANE, JOHN, JILL)}
            ends.append(
                {
                    segment_id: {people[one] for one in cloud.members(segment_id)}
                    for segment_id in ("buyers", "gold_spenders", "others")
                }
            )
    assert ends[0] == ends[1]
    assert ends[0] == {
        "buyers": {JANE.value, JOHN.value},
        "gold_spenders": {JANE.value},
        "others": {JILL.value},
    }


def test_an_event_that_no_segment_asks_about_only_reads_whether_the_segments_changed(
    cloud: SegmentCloud,
) -> None:
    cloud.put_live(
        buyers=BUYERS,
        gold=GOLD,
        costly={
            **BUYERS,
            "where": {"property": "value", "op": "gt", "value": 100},
            "event": "ordered",
        },
    )
    cloud.store(happened("bought"))
    cloud.settle()
    cloud.now += timedelta(minutes=1)
    cloud.store(
        happened("seen", at=cloud.now, profile={"firstName": "Janet"}),
        happened("ordered", at=cloud.now, value=99),
    )
    for stream in (cloud.events, cloud.customers):
        cloud.calls.clear()
        records = stream.read()
        assert records
        assert cloud.segment(records) is None
        for operation, parameters in cloud.calls:
            assert (operation, parameters["TableName"]) == ("GetItem", Setting.SEGMENTS_TABLE)
            assert parameters["Key"]["sk"]["S"] == "#generation"
        assert len(cloud.calls) <= 1


def test_a_store_without_segments_has_no_states(cloud: SegmentCloud) -> None:
    cloud.store(happened("bought"))
    cloud.settle()

    assert state_items() == []
    assert {parameters["TableName"] for _, parameters in cloud.calls} == {Setting.SEGMENTS_TABLE}


def throttled(customer_ids: set[str]) -> Any:  # noqa: ANN401  # a function around calls
    """Refuse to write the states of these customers, as DynamoDB does when it is throttled."""

    def refuse(carry_out: CarryOut, call: AwsCall) -> object:
        operation, parameters = call
        item = parameters.get("Item", {})
        if operation == "PutItem" and item["pk"]["S"].partition("#")[2] in customer_ids:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, operation)
        return carry_out()

    return around_every_call(refuse)


def test_the_batch_comes_again_from_the_first_record_that_is_not_decided(
    cloud: SegmentCloud,
) -> None:
    cloud.put_live(buyers=BUYERS)
    people = [email(f"{n}@example.com") for n in range(6)]
    cloud.store(*(happened("bought", person) for person in people), happened("bought", people[3]))
    records = cloud.events.read()
    by_customer = {record["dynamodb"]["Keys"]["pk"]["S"][-24:]: record for record in records[::-1]}
    unlucky = {cloud.customer_id(people[one]) for one in (3, 5)}
    first = min((by_customer[one] for one in unlucky), key=records.index)

    with throttled(unlucky):
        assert cloud.segment(records) == first["dynamodb"]["SequenceNumber"]
    assert cloud.states().keys() == {cloud.customer_id(one) for one in people} - unlucky

    assert cloud.segment(records[records.index(first) :]) is None
    assert cloud.states().keys() == {cloud.customer_id(one) for one in people}


def test_a_batch_whose_definitions_cannot_be_read_comes_again_whole(
    cloud: SegmentCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.put_live(buyers=BUYERS)
    cloud.store(happened("bought"), happened("bought", JOHN))
    records = cloud.events.read()
    with monkeypatch.context() as patch:
        patch.setenv(Setting.SEGMENTS_TABLE, "there-is-no-such-table")
        cloud.now += timedelta(minutes=1)
        assert cloud.segment(records) == numbers(records)[0]
    assert state_items() == []

    assert cloud.segment(records) is None
    assert len(state_items()) == 2


SPOILS: Mapping[str, Mapping[str, Any]] = {
    "no name": {"NewImage": {"event_name": None}},
    "a number for a name": {"NewImage": {"event_name": {"N": "1"}}},
    "no image at all": {"NewImage": {"pk": {"S": "Topsecret"}}},
    "a foreign time": {"NewImage": {"sk": {"S": "Topsecret#1"}}},
    "a foreign key": {"Keys": {"pk": {"S": "Topsecret"}}},
    "no key": {"Keys": {"pk": None}},
    "a value of another kind": {"NewImage": {"value": {"S": "Topsecret"}}},
    "bytes": {"NewImage": {"data": {"B": "VG9wc2VjcmV0"}}},
    "a body that is not there": {
        "NewImage": {"body_object": {"S": "events/Topsecret.json"}, "data": None}
    },
}


def spoilt(record: Mapping[str, Any], fault: str) -> Mapping[str, Any]:
    change = dict(record["dynamodb"])
    for part, values in SPOILS[fault].items():
        present = {**change[part], **values}
        change[part] = {name: value for name, value in present.items() if value is not None}
    return {"dynamodb": change}


@pytest.mark.parametrize("fault", SPOILS)
def test_a_record_that_cannot_be_read_blocks_nobody(
    fault: str,
    cloud: SegmentCloud,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spending = {**SPENDERS, "where": {"property": "data.kind", "op": "ne", "value": "gift"}}
    cloud.put_live(buyers=BUYERS, spenders=spending)
    cloud.store(*(happened("bought", who, value=200) for who in (JANE, JOHN, JILL)))
    records = list(cloud.events.read())
    place = next(
        n
        for n, record in enumerate(records)
        if record["dynamodb"]["Keys"]["pk"]["S"].endswith(cloud.customer_id(JOHN))
    )
    records[place] = spoilt(records[place], fault)
    capsys.readouterr()

    assert cloud.segment(records) is None

    assert cloud.states().keys() >= {cloud.customer_id(one) for one in (JANE, JILL)}
    logged = [vars(record) for record in caplog.records]
    assert "Topsecret" not in str(logged)
    metrics = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    left_out = [one["StreamRecordsLeftOut"] for one in metrics if "StreamRecordsLeftOut" in one]
    if fault != "a value of another kind":  # which adds nothing to a sum
        assert left_out == [[1.0]]
        assert [one["sequence_number"] for one in logged] == [numbers(records)[place]]


FAR_DATES = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z")


@pytest.mark.parametrize("date", FAR_DATES)
@pytest.mark.parametrize("op", ["within_next", "within_last", "not_within_last"])
def test_a_date_at_the_end_of_time_blocks_nobody(date: str, op: str, cloud: SegmentCloud) -> None:
    relative: Document = {"attribute": "customFields.date", "op": op, "value": "3650d"}
    cloud.put_live(
        near=relative,
        far={"not": relative},
        bought_near={"all": [relative, {"event": "sold"}]},
        buyers={"any": [relative, BUYERS, {"event": "bought", "within": {"last": "1h"}}]},
    )
    cloud.store(
        happened("bought", JANE, at=cloud.now, profile={"customFields.date": date}),
        happened("bought", JOHN, at=cloud.now),
    )
    cloud.settle()
    cloud.pass_time(timedelta(hours=2))

    jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
    assert cloud.members("buyers").keys() == {jane, john}
    assert cloud.members("near").keys() == ({jane, john} if op == "not_within_last" else set())
    cloud.check()


def test_a_customer_whose_state_has_no_room_blocks_nobody(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS)
    cloud.store(happened("bought", JANE), happened("bought", JOHN))
    jane = cloud.customer_id(JANE)

    def refuse(carry_out: CarryOut, call: AwsCall) -> object:
        operation, parameters = call
        if operation == "PutItem" and parameters["Item"]["pk"]["S"].endswith(jane):
            raise ClientError({"Error": {"Code": "ValidationException"}}, operation)
        return carry_out()

    with around_every_call(refuse):
        assert cloud.segment(cloud.events.read()) is None

    assert cloud.states().keys() == {cloud.customer_id(JOHN)}
