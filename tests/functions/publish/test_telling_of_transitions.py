import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from footfall.aws import clients
from footfall.invocations import StreamRecord
from footfall.segments.transitions import from_text, transition_id
from publish.handler import SLICE_MILLISECONDS, SLICE_TRANSITIONS
from tests.aws_calls import Call, CarryOut, around_every_call, recorded_calls
from tests.builders import NOON, STORE
from tests.functions.publish.stream import (
    Clock,
    counts,
    customer,
    deliver,
    details,
    enters,
    entries,
    exits,
    members,
    record,
)
from tests.moto_cloud import EVENT_BUS, moto_cloud

JANE = customer(1)
JOHN = customer(2)


@pytest.fixture(autouse=True)
def _cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("footfall.aws.attempts.time", SimpleNamespace(sleep=lambda _: None))
    with moto_cloud():
        yield


def operations(calls: list[Call]) -> list[str]:
    return [operation for operation, _ in calls]


def test_an_entry_makes_a_member_since_it_was_true() -> None:
    assert deliver([record(7, JANE, enters("vip", 3))]) is None

    assert members() == {(f"{STORE}#vip#1", JANE): "2026-04-02T12:03:00Z"}
    assert counts() == {f"{STORE}#vip#1": 1}


def test_an_exit_ends_the_membership() -> None:
    deliver([record(7, JANE, enters("vip", 3))])
    deliver([record(8, JANE, exits("vip", 4))])

    assert members() == {}
    assert counts() == {}


def test_who_left_and_came_back_within_a_batch_is_a_member_since_then() -> None:
    deliver([record(7, JANE, enters("vip", 3))])
    deliver([record(8, JANE, exits("vip", 4), enters("vip", 5))])

    assert members() == {(f"{STORE}#vip#1", JANE): "2026-04-02T12:05:00Z"}
    assert counts() == {f"{STORE}#vip#1": 1}


def test_the_bus_hears_of_each_transition_in_order_and_whole() -> None:
    first = record(7, JANE, enters("vip", 3), exits("new", 3))
    second = record(8, JOHN, enters("vip", 4))
    with recorded_calls() as calls:
        deliver([first, second])

    told = entries(calls)
    assert [entry["DetailType"] for entry in told] == [
        "segment.entered",
        "segment.exited",
        "segment.entered",
    ]
    assert {(entry["Source"], entry["EventBusName"]) for entry in told} == {("footfall", EVENT_BUS)}
    assert told[0]["Time"] == NOON + timedelta(minutes=7, microseconds=1)
    decided = from_text(first["dynamodb"]["NewImage"]["transitions"]["S"])
    assert details(calls)[1] == {
        "id": transition_id(STORE, JANE, decided, 1),
        "storeId": STORE,
        "customerId": JANE,
        "segmentId": "new",
        "version": "3f2a90c1d4e5b607",
        "at": "2026-04-02T12:07:00.000001Z",
        "effectiveAt": "2026-04-02T12:03:00Z",
        "cause": "event",
    }
    assert len({detail["id"] for detail in details(calls)}) == 3


def test_a_rule_of_the_bus_sees_what_it_asks_for() -> None:
    queue = clients.sqs().create_queue(QueueName="heard")["QueueUrl"]
    arn = clients.sqs().get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    pattern = {"source": ["footfall"], "detail": {"segmentId": ["vip"]}}
    clients.events().put_rule(
        Name="vips", EventBusName=EVENT_BUS, EventPattern=json.dumps(pattern), State="ENABLED"
    )
    clients.events().put_targets(
        Rule="vips",
        EventBusName=EVENT_BUS,
        Targets=[{"Id": "queue", "Arn": arn["Attributes"]["QueueArn"]}],
    )

    deliver([record(7, JANE, enters("vip", 3), enters("new", 3))])

    (message,) = clients.sqs().receive_message(QueueUrl=queue)["Messages"]
    heard = json.loads(message["Body"])
    assert (heard["detail-type"], heard["detail"]["segmentId"]) == ("segment.entered", "vip")


def test_a_batch_told_again_changes_no_member_and_tells_the_same_ids() -> None:
    batch = [record(7, JANE, enters("vip", 3)), record(8, JOHN, enters("vip", 4), exits("new", 4))]
    with recorded_calls() as calls:
        deliver(batch)
        before = members(), counts()
        deliver(batch)

    told = details(calls)
    assert told[:3] == told[3:]
    assert (members(), counts()) == before


def test_the_calls_for_a_hundred_customers_of_one_segment() -> None:
    batch = [record(n, customer(n), enters("vip", n)) for n in range(100)]
    with recorded_calls() as calls:
        deliver(batch)

    assert operations(calls) == ["BatchGetItem", *["TransactWriteItems"] * 2, *["PutEvents"] * 10]
    assert sum(counts().values()) == 100


def test_the_calls_for_a_customer_of_fifty_segments() -> None:
    with recorded_calls() as calls:
        deliver([record(1, JANE, *(enters(f"segment-{n}", 1) for n in range(50)))])

    assert operations(calls) == ["BatchGetItem", "TransactWriteItems", *["PutEvents"] * 5]


def test_a_customer_of_more_segments_than_a_transaction_holds() -> None:
    deliver([record(1, JANE, *(enters(f"segment-{n}", 1) for n in range(130)))])

    assert len(members()) == 130
    assert set(counts().values()) == {1}


def test_what_the_bus_does_not_take_now_comes_again_from_its_record_on() -> None:
    batch = [record(n, customer(n), enters("vip", n)) for n in range(25)]

    def refuse_the_thirteenth(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        response: Any = carry_out()
        if operation == "PutEvents":
            for place, entry in enumerate(parameters["Entries"]):
                if json.loads(entry["Detail"])["customerId"] == customer(12):
                    response["Entries"][place] = {"ErrorCode": "ThrottlingException"}
                    response["FailedEntryCount"] = 1
        return response

    with around_every_call(refuse_the_thirteenth), recorded_calls() as calls:
        untold = deliver(batch)

    assert untold == batch[12]["dynamodb"]["SequenceNumber"]
    assert customer(20) not in {detail["customerId"] for detail in details(calls)}
    assert deliver(batch[12:]) is None


def test_nothing_is_told_of_a_slice_whose_members_cannot_be_settled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = [record(1, JANE, enters("vip", 1)), record(2, JOHN, enters("vip", 2))]
    with monkeypatch.context() as patch, recorded_calls() as calls:
        patch.setenv("MEMBERS_TABLE", "there-is-no-such-table")
        untold = deliver(batch)

    assert untold == batch[0]["dynamodb"]["SequenceNumber"]
    assert details(calls) == []


def test_a_large_batch_goes_slice_by_slice() -> None:
    batch = [record(n, customer(n), enters("vip", n)) for n in range(2 * SLICE_TRANSITIONS + 1)]
    with recorded_calls() as calls:
        deliver(batch)

    told = "".join("p" if operation == "PutEvents" else "m" for operation in operations(calls))
    assert told == 2 * ("mmm" + 10 * "p") + "mmp"
    assert [detail["customerId"] for detail in details(calls)] == [
        customer(n) for n in range(2 * SLICE_TRANSITIONS + 1)
    ]


def test_when_the_time_is_up_the_rest_comes_again() -> None:
    batch = [record(n, customer(n), enters("vip", n)) for n in range(3 * SLICE_TRANSITIONS)]
    clock = Clock(left=SLICE_MILLISECONDS + 1_500, step=1_000)

    assert deliver(batch, clock) == batch[2 * SLICE_TRANSITIONS]["dynamodb"]["SequenceNumber"]
    assert len(members()) == 2 * SLICE_TRANSITIONS


def test_however_little_time_there_is_something_gets_told() -> None:
    batch = [record(n, customer(n), enters("vip", n)) for n in range(SLICE_TRANSITIONS + 1)]

    assert deliver(batch, Clock(left=0)) == batch[-1]["dynamodb"]["SequenceNumber"]
    assert deliver(batch[-1:], Clock(left=0)) is None


TEXTS = {
    "no JSON": "Topsecret",
    "another document": '["Topsecret"]',
    "too few parts": '{"version":1,"at":1,"transitions":[["Topsecret",true]]}',
    "another cause": '{"version":1,"at":1,"transitions":[["vip","v",true,1,"Topsecret"]]}',
    "no instant": '{"version":1,"at":"Topsecret","transitions":[["vip","v",true,1,"event"]]}',
    "beyond time": f'{{"version":1,"at":1,"transitions":[["vip","v",true,1{"0" * 30},"event"]]}}',
    "no part of a key": '{"version":1,"at":1,"transitions":[["Top/secret","v",true,1,"event"]]}',
    "longer than a key": '{"version":1,"at":1,"transitions":[["%s","v",true,1,"event"]]}'
    % ("Topsecret" * 300),
}


def broken(whole: StreamRecord, fault: str) -> StreamRecord:
    image = dict(whole["dynamodb"]["NewImage"])
    match fault:
        case "no transitions":
            del image["transitions"]
        case "a number for a text":
            image["transitions"] = {"N": "1"}
        case "a foreign key":
            image["pk"] = {"S": "Topsecret"}
        case "a customer of no shard":
            image["pk"] = {"S": f"{STORE}#Topsecret"}
        case text:
            image["transitions"] = {"S": TEXTS[text]}
    return {"dynamodb": {**whole["dynamodb"], "NewImage": image}}


@pytest.mark.parametrize(
    "fault",
    ["no transitions", "a number for a text", "a foreign key", "a customer of no shard", *TEXTS],
)
def test_a_record_that_cannot_be_read_blocks_nobody(
    fault: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    one, bad, two = (record(n, customer(n), enters("vip", n)) for n in range(1, 4))

    assert deliver([one, broken(bad, fault), two]) is None

    assert {customer_id for _, customer_id in members()} == {customer(1), customer(3)}
    (line,) = caplog.records
    assert vars(line)["sequence_number"] == bad["dynamodb"]["SequenceNumber"]
    assert "Topsecret" not in str(vars(line))
    metrics = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [one["StreamRecordsLeftOut"] for one in metrics if "StreamRecordsLeftOut" in one] == [
        [1.0]
    ]
    assert sum(one["Transitions"][0] for one in metrics if "Transitions" in one) == 2


def test_an_entry_that_the_bus_refuses_for_ever_blocks_nobody(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse_the_first(carry_out: CarryOut, call: Call) -> object:
        response: Any = carry_out()
        if call[0] == "PutEvents":
            response["Entries"][0] = {"ErrorCode": "MalformedDetail", "ErrorMessage": JANE}
        return response

    with around_every_call(refuse_the_first):
        assert (
            deliver([record(1, JANE, enters("vip", 1)), record(2, JOHN, exits("vip", 2))]) is None
        )

    (line,) = caplog.records
    assert vars(line)["reason"] == "events.PutEvents: MalformedDetail"
    assert JANE not in str(vars(line))
    metrics = json.loads(capsys.readouterr().out)
    assert (metrics["BusEntriesRefused"], metrics["Transitions"]) == ([1.0], [1.0])
