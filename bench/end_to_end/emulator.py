"""The emulator's own pace: bare requests of the kind that Footfall's work is made of.

No Footfall is in these figures, nor an SDK: they are what is left to reach when all of our own work
costs nothing. Each is measured alone; in the cloud at work all of them share one process.
"""

import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import Any, TypeAlias

import boto3

from bench.end_to_end.traffic import Request, send_all
from bench.results import Results
from bench.spread import spread
from local.settings import REGION

ROUNDS = 5
BATCH = 25
"""As many items as DynamoDB takes in one request."""

_CONNECTIONS = 4
_NAME = "bench-emulator"
_HANDLER = 'def handler(event, context):\n    return {"statusCode": 200, "body": "{}"}\n'
_ROLE = "arn:aws:iam::000000000000:role/nobody"

Item: TypeAlias = Mapping[str, Any]
"""An item of a table, as DynamoDB's API has it."""

MakeRequest: TypeAlias = Callable[[int], Request]
"""Makes the request of a number; no two numbers make the same."""


def measure_emulator(
    gateway_port: int, front_port: int, message: str, event: Item, marker: Item
) -> Results:
    """Return how many requests of each kind are answered in a second; boto3 must reach MiniStack.

    Args:
        gateway_port: where MiniStack answers.
        front_port: where the front does.
        message: what ingest has sent for a bulk.
        event: an item of the Events table, as DynamoDB has it.
        marker: an item of the UniqueIds table.
    """
    with ExitStack() as made:
        queue_url = made.enter_context(_queue())
        made.enter_context(_table())
        path = made.enter_context(_function_that_does_nothing())
        body = message.encode()
        kinds: Mapping[str, tuple[int, int, MakeRequest]] = {
            "answered by the gateway itself, through the front": (
                front_port,
                150,
                lambda _: Request("/nothing", {}, body, HTTPStatus.NOT_FOUND),
            ),
            "a function that does nothing, through the gateway": (
                gateway_port,
                150,
                lambda _: Request(path, {}, body, HTTPStatus.OK),
            ),
            "send_message of a bulk": (
                gateway_port,
                200,
                lambda _: _sdk("AmazonSQS.SendMessage", QueueUrl=queue_url, MessageBody=message),
            ),
            "put_item of an event": (
                gateway_port,
                300,
                lambda number: _dynamodb("PutItem", TableName=_NAME, Item=_renamed(event, number)),
            ),
            "conditional put_item of a marker": (
                gateway_port,
                300,
                lambda number: _dynamodb(
                    "PutItem",
                    TableName=_NAME,
                    Item=_renamed(marker, number),
                    ConditionExpression="attribute_not_exists(pk) OR event_id = :mine",
                    ExpressionAttributeValues={":mine": marker["event_id"]},
                ),
            ),
            "batch_write_item of 25 events": (
                gateway_port,
                80,
                lambda number: _dynamodb(
                    "BatchWriteItem",
                    RequestItems={
                        _NAME: [
                            {"PutRequest": {"Item": _renamed(event, number * BATCH + one)}}
                            for one in range(BATCH)
                        ]
                    },
                ),
            ),
        }
        return {title: _paces(*kind) for title, kind in kinds.items()}


def _paces(port: int, count: int, make: MakeRequest) -> Results:
    numbers = itertools.count()
    send_all(port, _made(make, numbers, _CONNECTIONS), _CONNECTIONS)  # who starts, starts here
    found = []
    for _ in range(ROUNDS):
        requests = _made(make, numbers, count)
        found.append(count / send_all(port, requests, _CONNECTIONS).seconds)
    return {"requests": count, "perSecond": spread(found).as_json()}


def _made(make: MakeRequest, numbers: Iterator[int], count: int) -> Sequence[Request]:
    return [make(number) for number in itertools.islice(numbers, count)]


def _sdk(operation: str, **parameters: object) -> Request:
    """Return a request as an SDK makes it, but for the signature, which nobody looks at."""
    service = "sqs" if "SQS" in operation else "dynamodb"
    scope = f"local/20260101/{REGION}/{service}/aws4_request"
    return Request(
        "/",
        {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": operation,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=",
        },
        json.dumps(parameters).encode(),
        HTTPStatus.OK,
    )


def _dynamodb(operation: str, **parameters: object) -> Request:
    return _sdk(f"DynamoDB_20120810.{operation}", **parameters)


def _renamed(item: Item, number: int) -> Item:
    """Return the item under a key of its own."""
    return {**item, "pk": {"S": f"{item['pk']['S']}-{number}"}}


@contextmanager
def _queue() -> Iterator[str]:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName=_NAME)["QueueUrl"]
    try:
        yield url
    finally:
        sqs.delete_queue(QueueUrl=url)


@contextmanager
def _table() -> Iterator[None]:
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName=_NAME,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    try:
        yield
    finally:
        dynamodb.delete_table(TableName=_NAME)


@contextmanager
def _function_that_does_nothing() -> Iterator[str]:
    """Deploy a function behind a gateway without an authorizer; yield the path that leads there."""
    functions, gateway = boto3.client("lambda"), boto3.client("apigateway")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("nothing.py", _HANDLER)
    arn = functions.create_function(
        FunctionName=_NAME,
        Runtime="python3.13",
        Handler="nothing.handler",
        Role=_ROLE,
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]
    api = gateway.create_rest_api(name=_NAME)["id"]
    try:
        (root,) = gateway.get_resources(restApiId=api)["items"]
        gateway.put_method(
            restApiId=api, resourceId=root["id"], httpMethod="POST", authorizationType="NONE"
        )
        gateway.put_integration(
            restApiId=api,
            resourceId=root["id"],
            httpMethod="POST",
            type="AWS_PROXY",
            integrationHttpMethod="POST",
            uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations",
        )
        gateway.create_deployment(restApiId=api, stageName="bench")
        yield f"/_aws/execute-api/{api}/bench/"
    finally:
        gateway.delete_rest_api(restApiId=api)
        functions.delete_function(FunctionName=_NAME)
