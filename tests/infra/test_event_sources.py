"""Nothing accepted is lost between the queues, the streams and the functions."""

import json
from typing import Any

import pytest

from bench.pipeline import cloud
from footfall.aws.keys import MESSAGES_PREFIX
from tests.infra.synthesis import SynthesisedStack

STREAMS = [
    ("catalogue", "Events"),
    ("segment", "Events"),
    ("segment", "Customers"),
    ("publish", "SegmentStates"),
]
HINTS = [("due", "Due"), ("backfill", "Backfill")]


def queue(stack: SynthesisedStack, name: str) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]
        for logical_id, resource in stack.resources("AWS::SQS::Queue").items()
        if logical_id.startswith(f"Queues{name}")
    )
    return dict(found)


def event_source(stack: SynthesisedStack, function: str, source: str) -> dict[str, Any]:
    """Return how a function hears of a queue or a table, which the source names."""
    (found,) = (
        resource["Properties"]
        for logical_id, resource in stack.resources("AWS::Lambda::EventSourceMapping").items()
        if logical_id.lower().startswith(function)
        and resource["Properties"]["EventSourceArn"]["Fn::GetAtt"][0][:-8]
        in {f"Queues{source}", f"Tables{source}"}
    )
    return dict(found)


def pattern(stack: SynthesisedStack, function: str, table: str) -> object:
    """Return the one pattern of the stream records that the function hears of."""
    (only,) = event_source(stack, function, table)["FilterCriteria"]["Filters"]
    return json.loads(only["Pattern"])


def test_a_message_is_tried_five_times_and_then_kept_for_a_person(dev: SynthesisedStack) -> None:
    redrive = queue(dev, "Events")["RedrivePolicy"]

    assert redrive["maxReceiveCount"] == 5
    assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0].startswith("QueuesDeadLetters")
    assert queue(dev, "DeadLetters")["MessageRetentionPeriod"] == 14 * 86_400
    assert dev.functions()["process"]["Environment"]["Variables"]["MAX_RECEIVES"] == "5"


@pytest.mark.parametrize(("function", "name"), [("process", "Events"), *HINTS])
def test_a_message_stays_hidden_while_it_is_worked_on(
    dev: SynthesisedStack, function: str, name: str
) -> None:
    timeout = dev.functions()[function]["Timeout"]

    assert queue(dev, name)["VisibilityTimeout"] >= 6 * timeout


@pytest.mark.parametrize(("_function", "name"), HINTS)
def test_a_hint_that_fails_again_and_again_is_kept_for_a_person(
    dev: SynthesisedStack, _function: str, name: str
) -> None:
    hints = queue(dev, name)
    redrive = hints["RedrivePolicy"]

    assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0].startswith("QueuesSegmentDeadLetters")
    tries = redrive["maxReceiveCount"] * hints["VisibilityTimeout"]
    assert tries < hints["MessageRetentionPeriod"]
    assert queue(dev, "SegmentDeadLetters")["MessageRetentionPeriod"] == 14 * 86_400


def test_hints_leave_room_for_live_events(dev: SynthesisedStack) -> None:
    due, backfill = (event_source(dev, *hints) for hints in HINTS)
    live = event_source(dev, "process", "Events")

    assert 1 <= due["BatchSize"] <= 5
    assert due["ScalingConfig"]["MaximumConcurrency"] == 20
    assert backfill["BatchSize"] == 1
    assert backfill["ScalingConfig"]["MaximumConcurrency"] == 2
    assert live["ScalingConfig"]["MaximumConcurrency"] >= 4 * 20
    for source in (due, backfill):
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert "MaximumBatchingWindowInSeconds" not in source


def test_the_sweep_runs_each_minute_and_no_minute_twice(dev: SynthesisedStack) -> None:
    (rule,) = dev.properties("AWS::Events::Rule")
    (target,) = rule["Targets"]
    (invocation,) = dev.properties("AWS::Lambda::EventInvokeConfig")

    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert rule["State"] == "ENABLED"
    assert target["Arn"]["Fn::GetAtt"][0][:-8] == "Sweep"
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 0
    assert invocation["FunctionName"]["Ref"][:-8] == "Sweep"
    assert invocation["MaximumRetryAttempts"] == 0
    assert invocation["MaximumEventAgeInSeconds"] == 60


@pytest.mark.parametrize(
    "name",
    ["Events", "DeadLetters", "StreamFailures", "Due", "Backfill", "SegmentDeadLetters"],
)
def test_every_queue_is_encrypted_and_speaks_tls_only(dev: SynthesisedStack, name: str) -> None:
    assert queue(dev, name)["SqsManagedSseEnabled"]
    (policy,) = (
        properties["PolicyDocument"]["Statement"]
        for properties in dev.properties("AWS::SQS::QueuePolicy")
        if properties["Queues"][0]["Ref"].startswith(f"Queues{name}")
    )
    assert {"Bool": {"aws:SecureTransport": "false"}} in [
        statement["Condition"] for statement in policy if statement["Effect"] == "Deny"
    ]


def test_one_bad_message_does_not_hold_up_its_batch(dev: SynthesisedStack) -> None:
    source = event_source(dev, "process", "Events")

    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["ScalingConfig"]["MaximumConcurrency"] >= 20
    assert "MaximumBatchingWindowInSeconds" not in source


def test_a_stream_carries_what_its_readers_need(dev: SynthesisedStack) -> None:
    streams = {
        logical_id[:-8]: resource["Properties"]["StreamSpecification"]["StreamViewType"]
        for logical_id, resource in dev.resources("AWS::DynamoDB::Table").items()
        if "StreamSpecification" in resource["Properties"]
    }

    assert streams == {
        "TablesEvents": "NEW_AND_OLD_IMAGES",
        "TablesCustomers": "NEW_AND_OLD_IMAGES",
        "TablesSegmentStates": "NEW_IMAGE",
    }


def test_no_stream_has_more_readers_than_dynamodb_advises(dev: SynthesisedStack) -> None:
    sources = [
        source["EventSourceArn"]["Fn::GetAtt"][0]
        for source in dev.properties("AWS::Lambda::EventSourceMapping")
    ]

    assert all(sources.count(source) <= 2 for source in sources)
    assert len(sources) == len(STREAMS) + len(HINTS) + 1


@pytest.mark.parametrize(("function", "table"), STREAMS)
def test_a_poison_record_cannot_block_a_stream(
    dev: SynthesisedStack, function: str, table: str
) -> None:
    source = event_source(dev, function, table)

    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"]
    if function == "catalogue":
        assert 0 < source["MaximumRetryAttempts"] < 100
        assert 0 < source["MaximumRecordAgeInSeconds"] < 86_400
    destination = source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    assert destination.startswith("QueuesStreamFailures")


@pytest.mark.parametrize(("function", "table"), [one for one in STREAMS if one[0] != "catalogue"])
def test_what_segments_live_on_is_never_given_up_while_the_stream_keeps_it(
    dev: SynthesisedStack, function: str, table: str
) -> None:
    source = event_source(dev, function, table)

    assert source.get("MaximumRetryAttempts", -1) == -1
    assert source.get("MaximumRecordAgeInSeconds", -1) == -1


def test_one_worker_at_a_time_decides_by_the_events_of_a_shard(dev: SynthesisedStack) -> None:
    assert event_source(dev, "segment", "Events").get("ParallelizationFactor", 1) == 1


def test_the_catalogue_hears_of_new_events_only(dev: SynthesisedStack) -> None:
    assert pattern(dev, "catalogue", "Events") == {"eventName": ["INSERT"]}


def test_segments_hear_of_every_change_of_an_event_at_once(dev: SynthesisedStack) -> None:
    source = event_source(dev, "segment", "Events")

    assert "FilterCriteria" not in source
    assert "MaximumBatchingWindowInSeconds" not in source
    assert source["BatchSize"] <= 250


def test_segments_hear_of_profiles_that_come_or_change_at_once(dev: SynthesisedStack) -> None:
    assert pattern(dev, "segment", "Customers") == {"eventName": ["INSERT", "MODIFY"]}
    source = event_source(dev, "segment", "Customers")
    assert "MaximumBatchingWindowInSeconds" not in source


def test_publish_hears_of_states_that_tell_transitions_at_once(dev: SynthesisedStack) -> None:
    image = {"transitions": {"S": [{"exists": True}]}}

    assert pattern(dev, "publish", "SegmentStates") == {"dynamodb": {"NewImage": image}}
    source = event_source(dev, "publish", "SegmentStates")
    assert "MaximumBatchingWindowInSeconds" not in source


def test_an_envelope_in_the_bucket_outlives_every_message_that_points_at_it(
    dev: SynthesisedStack,
) -> None:
    (bucket,) = dev.properties("AWS::S3::Bucket")
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    longest_way = sum(
        queue(dev, name)["MessageRetentionPeriod"] for name in ("Events", "DeadLetters")
    )

    assert rule["Prefix"] == MESSAGES_PREFIX
    assert rule["ExpirationInDays"] * 86_400 >= longest_way


def test_the_bucket_is_private_and_encrypted(dev: SynthesisedStack) -> None:
    (bucket,) = dev.properties("AWS::S3::Bucket")

    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["BucketEncryption"]


def test_measurements_hand_over_as_much_at_once_as_the_stack(dev: SynthesisedStack) -> None:
    assert event_source(dev, "process", "Events")["BatchSize"] == cloud.MESSAGES_PER_BATCH
    assert event_source(dev, "catalogue", "Events")["BatchSize"] == cloud.CATALOGUE_BATCH
    assert event_source(dev, "segment", "Events")["BatchSize"] == cloud.EVIDENCE_BATCH
    assert event_source(dev, "segment", "Customers")["BatchSize"] == cloud.EVIDENCE_BATCH
    assert event_source(dev, "publish", "SegmentStates")["BatchSize"] == cloud.TRANSITIONS_BATCH
