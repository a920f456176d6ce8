"""Nothing accepted is lost between the queue, the stream and the functions."""

import json
from typing import Any

import pytest

from footfall.aws.keys import MESSAGES_PREFIX
from tests.infra.synthesis import SynthesisedStack


def queue(stack: SynthesisedStack, name: str) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]
        for logical_id, resource in stack.resources("AWS::SQS::Queue").items()
        if logical_id.startswith(f"Queues{name}")
    )
    return dict(found)


def event_source(stack: SynthesisedStack, function: str) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]
        for logical_id, resource in stack.resources("AWS::Lambda::EventSourceMapping").items()
        if logical_id.lower().startswith(function)
    )
    return dict(found)


def test_a_message_is_tried_five_times_and_then_kept_for_a_person(dev: SynthesisedStack) -> None:
    redrive = queue(dev, "Events")["RedrivePolicy"]

    assert redrive["maxReceiveCount"] == 5
    assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0].startswith("QueuesDeadLetters")
    assert queue(dev, "DeadLetters")["MessageRetentionPeriod"] == 14 * 86_400
    assert dev.functions()["process"]["Environment"]["Variables"]["MAX_RECEIVES"] == "5"


def test_a_message_stays_hidden_while_it_is_worked_on(dev: SynthesisedStack) -> None:
    timeout = dev.functions()["process"]["Timeout"]

    assert queue(dev, "Events")["VisibilityTimeout"] >= 6 * timeout


@pytest.mark.parametrize("name", ["Events", "DeadLetters", "StreamFailures"])
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
    source = event_source(dev, "process")

    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["ScalingConfig"]["MaximumConcurrency"] >= 20
    assert "MaximumBatchingWindowInSeconds" not in source


def test_the_stream_carries_what_was_there_before_and_after(dev: SynthesisedStack) -> None:
    streams = [
        table["StreamSpecification"]["StreamViewType"]
        for table in dev.properties("AWS::DynamoDB::Table")
        if "StreamSpecification" in table
    ]

    assert streams == ["NEW_AND_OLD_IMAGES"]


def test_a_poison_record_cannot_block_the_stream(dev: SynthesisedStack) -> None:
    source = event_source(dev, "catalogue")

    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"]
    assert 0 < source["MaximumRetryAttempts"] < 100
    assert 0 < source["MaximumRecordAgeInSeconds"] < 86_400
    destination = source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    assert destination.startswith("QueuesStreamFailures")


def test_the_catalogue_hears_of_new_events_only(dev: SynthesisedStack) -> None:
    (only,) = event_source(dev, "catalogue")["FilterCriteria"]["Filters"]

    assert json.loads(only["Pattern"]) == {"eventName": ["INSERT"]}


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
