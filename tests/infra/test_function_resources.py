"""Each function is told, and allowed, exactly what its code uses."""

import pytest

from footfall.settings import Setting
from tests.infra.code_reach import actions_of, settings_read_by
from tests.infra.synthesis import BEHIND_STREAMS, FUNCTIONS, SynthesisedStack

OF_EVENT_SOURCES = {
    *(f"sqs:{action}" for action in ("ChangeMessageVisibility", "DeleteMessage", "ReceiveMessage")),
    *(f"sqs:{action}" for action in ("GetQueueAttributes", "GetQueueUrl")),
    *(f"dynamodb:{action}" for action in ("DescribeStream", "GetRecords", "GetShardIterator")),
    "dynamodb:ListStreams",
}
"""What Lambda itself does in the name of a function whose events come from a queue or a stream."""

OF_LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}

DECIDING = {
    "TablesSegments": {"dynamodb:GetItem", "dynamodb:Query"},
    "TablesSegmentStates": {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem"},
    "TablesCustomers": {"dynamodb:BatchGetItem", "dynamodb:GetItem"},
    "TablesEvents": {"dynamodb:Query"},
    "QueuesDue": {"sqs:SendMessage"},
    "BodiesBucket/events/*": {"s3:GetObject"},
    "BodiesBucket": {"s3:ListBucket"},
}

ON_DATA = {
    "authorize": {
        "TablesKeys": {"dynamodb:GetItem"},
    },
    "ingest": {
        "TablesKeys": {"dynamodb:GetItem"},
        "QueuesEvents": {"sqs:SendMessage"},
        "BodiesBucket/messages/*": {"s3:PutObject"},
    },
    "process": {
        "TablesIdentities": {"dynamodb:BatchGetItem", "dynamodb:PutItem"},
        "TablesCustomers": {
            *("dynamodb:BatchGetItem", "dynamodb:GetItem"),
            *("dynamodb:PutItem", "dynamodb:ConditionCheckItem"),
        },
        "TablesUniqueIds": {
            *("dynamodb:GetItem", "dynamodb:PutItem"),
            *("dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"),
        },
        "TablesEvents": {
            *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"),
            *("dynamodb:BatchWriteItem", "dynamodb:DeleteItem"),
        },
        "QueuesEvents": {"sqs:SendMessage"},
        "QueuesDeadLetters": {"sqs:SendMessage"},
        "BodiesBucket/messages/*": {"s3:GetObject", "s3:PutObject"},
        "BodiesBucket/events/*": {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
        "BodiesBucket": {"s3:ListBucket"},
    },
    "catalogue": {
        "TablesEventNames": {"dynamodb:GetItem", "dynamodb:PutItem"},
        "QueuesStreamFailures": {"sqs:SendMessage"},
    },
    "segment": DECIDING
    | {
        "TablesEvents": {"dynamodb:GetItem", "dynamodb:Query"},
        "QueuesStreamFailures": {"sqs:SendMessage"},
    },
    "due": DECIDING,
    "backfill": DECIDING
    | {
        "TablesSegments": {
            *("dynamodb:GetItem", "dynamodb:Query"),
            *("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
        },
        "TablesCustomers/index/by-store-shard": {"dynamodb:Query"},
        "QueuesBackfill": {"sqs:SendMessage"},
    },
    "sweep": {
        "TablesSegmentStates/index/due": {"dynamodb:Query"},
        "TablesSegments/index/building": {"dynamodb:Query"},
        "TablesSegments": {"dynamodb:GetItem"},
        "QueuesDue": {"sqs:SendMessage"},
        "QueuesBackfill": {"sqs:SendMessage"},
    },
    "publish": {
        "TablesMembers": {
            *("dynamodb:BatchGetItem", "dynamodb:PutItem"),
            *("dynamodb:DeleteItem", "dynamodb:UpdateItem"),
        },
        "Bus": {"events:PutEvents"},
        "QueuesStreamFailures": {"sqs:SendMessage"},
    },
    "query": {
        "TablesIdentities": {"dynamodb:BatchGetItem", "dynamodb:PutItem"},
        "TablesCustomers": {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem"},
        "TablesUniqueIds": {"dynamodb:GetItem"},
        "TablesEvents": {"dynamodb:GetItem", "dynamodb:Query"},
        "TablesCustomers/index/by-store-shard": {"dynamodb:Query"},
        "TablesEventNames": {"dynamodb:GetItem", "dynamodb:Query"},
        "TablesSegments": {
            *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"),
            *("dynamodb:PutItem", "dynamodb:UpdateItem"),
        },
        "TablesSegmentStates": {"dynamodb:BatchGetItem", "dynamodb:GetItem"},
        "TablesMembers": {"dynamodb:BatchGetItem", "dynamodb:Query"},
        "QueuesBackfill": {"sqs:SendMessage"},
        "BodiesBucket/events/*": {"s3:GetObject"},
        "BodiesBucket": {"s3:ListBucket"},
    },
}


def test_every_function_is_deployed(dev: SynthesisedStack) -> None:
    assert sorted(dev.functions()) == FUNCTIONS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_told_what_its_code_reads(prod: SynthesisedStack, function: str) -> None:
    variables = set(prod.functions()[function]["Environment"]["Variables"])

    assert variables <= set(Setting)
    assert variables == settings_read_by(function)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_its_code_calls(prod: SynthesisedStack, function: str) -> None:
    allowed = {
        action
        for action, resource in prod.permissions(function)
        # The failures' queue is Lambda's own, for the batches that it gives up.
        if not (function in BEHIND_STREAMS and resource == "QueuesStreamFailures")
    }
    allowed -= OF_EVENT_SOURCES | OF_LOGS
    if "s3:GetObject" in allowed:
        allowed -= {"s3:ListBucket"}  # lets S3 say that an object does not exist

    assert allowed == actions_of(function)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_touches_no_other_data(dev: SynthesisedStack, function: str) -> None:
    on_data: dict[str, set[str]] = {}
    for action, resource in dev.permissions(function):
        if action not in OF_EVENT_SOURCES | OF_LOGS:
            on_data.setdefault(resource, set()).add(action)

    assert on_data == ON_DATA[function]


def test_stored_events_are_published_where_that_is_chosen_only(
    dev: SynthesisedStack, prod: SynthesisedStack
) -> None:
    permission = ("events:PutEvents", "Bus")

    assert "EVENT_BUS_NAME" in prod.functions()["catalogue"]["Environment"]["Variables"]
    assert permission in prod.permissions("catalogue")
    assert "EVENT_BUS_NAME" not in dev.functions()["catalogue"]["Environment"]["Variables"]
    assert permission not in dev.permissions("catalogue")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_granted_wholesale(dev: SynthesisedStack, function: str) -> None:
    for action, resource in dev.permissions(function):
        assert "*" not in action
        assert "Scan" not in action
        assert resource != "*" or action == "dynamodb:ListStreams"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_runs_on_lambda_as_it_is_tested(dev: SynthesisedStack, function: str) -> None:
    properties = dev.functions()[function]

    assert properties["Runtime"] == "python3.13"
    assert properties["Architectures"] == ["arm64"]
    assert [layer["Ref"][:-8] for layer in properties["Layers"]] == ["LayersDeps", "LayersCore"]
    assert properties["LoggingConfig"]["LogFormat"] == "JSON"
    assert properties["LoggingConfig"]["ApplicationLogLevel"] == "INFO"
    assert properties["LoggingConfig"]["SystemLogLevel"] == "WARN"
    assert properties["LoggingConfig"]["LogGroup"]["Ref"] in dev.resources("AWS::Logs::LogGroup")


def test_no_two_functions_share_a_role(dev: SynthesisedStack) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in dev.functions().values()]

    assert len(set(roles)) == len(roles)
    assert all(
        "ManagedPolicyArns" not in dev.resources("AWS::IAM::Role")[role]["Properties"]
        for role in roles
    )
