"""The whole way of an event in one process: every function's own handler, moto in between."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest

import authorize.handler
import catalogue.handler
import ingest.handler
import query.handler
from footfall.aws import clients
from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key
from footfall.domain.stores import Scope, key_hash
from footfall.domain.strict_json import dump_json
from footfall.http.requests import ProxyEvent
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from footfall.http.routes import (
    CREATE_EVENTS,
    FIND_CUSTOMER,
    GET_EVENT_STATUS,
    LIST_CUSTOMER_EVENTS,
    LIST_EVENT_NAMES,
)
from footfall.settings import Setting
from tests.builders import deliver, raw_message
from tests.moto_cloud import moto_cloud
from tests.proxy_events import STORE, json_of, proxy_event

if TYPE_CHECKING:
    from footfall.invocations import StreamEvent

API_KEY = "footfall_" + "k" * 43
ADDRESS, NUMBER, SECRET = "jane.doe@example.com", "+14155550123", "a secret of Jane's"
METHOD_ARN = f"arn:aws:execute-api:us-east-1:123456789012:api/dev/POST/stores/{STORE}/events/bulk"
LARGE = "x" * 90_000


@pytest.fixture(autouse=True)
def _cloud() -> Iterator[None]:
    with moto_cloud():
        put_api_key(
            ApiKey(key_hash(API_KEY), STORE, frozenset(Scope), KeyStatus.ACTIVE, "", _now())
        )
        yield


def test_events_travel_from_the_request_to_the_timeline_and_the_catalogue() -> None:
    orders = [_order(f"order-{number}") for number in range(30)]
    large = {**_order("large"), "data": {f"part {number}": LARGE for number in range(15)}}

    assert _send([*orders, _order("order-0")]) == 202
    assert _send([*orders, large]) == 202
    _spoil_the_queue()
    _drain_the_queue()
    _feed_the_catalogue()

    customer = _ask(FIND_CUSTOMER, query={"email": ADDRESS})
    timeline = _ask(
        LIST_CUSTOMER_EVENTS, customerId=customer["id"], headers={"X-Page-Size": "100"}
    )["events"]
    (name,) = _ask(LIST_EVENT_NAMES)["eventNames"]
    assert customer["phoneNumber"] == NUMBER
    assert {event["uniqueId"] for event in timeline} == {
        *(f"order-{n}" for n in range(30)),
        "large",
    }
    assert len(timeline) == name["count"] == 31
    assert _ask(GET_EVENT_STATUS, uniqueId="large")["customerId"] == customer["id"]


def test_no_log_line_holds_what_a_customer_or_an_integrator_sent(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    _send([_order("order-1"), _order("order-1")])
    _send([{"eventName": SECRET, "customer": {"email": SECRET}, "data": {SECRET: 1}}])
    _spoil_the_queue(f'{{"{ADDRESS}": 1, "{ADDRESS}": 1}}')
    _drain_the_queue()
    _feed_the_catalogue()
    _ask(FIND_CUSTOMER, query={"email": ADDRESS})

    metrics = "".join(capsys.readouterr())
    logged = metrics + "".join(str(vars(record)) for record in caplog.records)
    assert "EventsStored" in logged
    assert "dead letter" in logged
    for value in (ADDRESS, NUMBER, SECRET, API_KEY, "Jane", "149.99"):
        assert value not in logged
        assert base64.b64encode(value.encode()).decode() not in logged


def _order(unique_id: str) -> dict[str, Any]:
    return {
        "eventName": "Order Placed",
        "customer": {"email": ADDRESS, "phoneNumber": NUMBER, "firstName": "Jane"},
        "value": 149.99,
        "valueCurrency": "USD",
        "uniqueId": unique_id,
        "data": {"note": SECRET},
    }


def _send(events: Sequence[Mapping[str, Any]]) -> int:
    request = _authorized(proxy_event(CREATE_EVENTS, dump_json({"events": events})))
    return int(str(ingest.handler.handler(request, None)["statusCode"]))


def _ask(
    route: Route,
    *,
    query: Mapping[str, str] | None = None,  # noqa: A002, RUF100  # the name of the request's part
    headers: Mapping[str, str] | None = None,
    **path: str,
) -> dict[str, Any]:
    parts: dict[str, Any] = {"query": query, "headers": headers, **path}
    response = _query_handler(_authorized(proxy_event(route, **parts)))
    assert response["statusCode"] == 200, response
    return json_of(response)


def _authorized(request: ProxyEvent) -> ProxyEvent:
    """Put into the request what API Gateway gets from the authorizer."""
    policy = authorize.handler.handler(
        {"authorizationToken": f"Bearer {API_KEY}", "methodArn": METHOD_ARN}, None
    )
    return {**request, "requestContext": {"requestId": "r", "authorizer": policy["context"]}}


def _spoil_the_queue(text: str = "no envelope") -> None:
    clients.sqs().send_message(QueueUrl=Setting.EVENTS_QUEUE_URL, MessageBody=text)


def _drain_the_queue() -> None:
    """Do what Lambda does: receive batches, hand them over, delete what is not wanted again."""
    while (
        messages := clients.sqs()
        .receive_message(
            QueueUrl=Setting.EVENTS_QUEUE_URL,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        .get("Messages")
    ):
        records = [
            raw_message(
                one["Body"], one["MessageId"], int(one["Attributes"]["ApproximateReceiveCount"])
            )
            for one in messages
        ]
        assert deliver(*records) == []
        for one in messages:
            clients.sqs().delete_message(
                QueueUrl=Setting.EVENTS_QUEUE_URL, ReceiptHandle=one["ReceiptHandle"]
            )


def _feed_the_catalogue() -> None:
    """Do what the event source mapping does: hand over the inserts of the Events stream."""
    streams = boto3.client("dynamodbstreams")
    table = clients.dynamodb().describe_table(TableName=Setting.EVENTS_TABLE)["Table"]
    stream = table["LatestStreamArn"]
    for shard in streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records = streams.get_records(ShardIterator=iterator)["Records"]
        inserts = [record for record in records if record["eventName"] == "INSERT"]
        event = cast("StreamEvent", {"Records": inserts})
        assert catalogue.handler.handler(event, None) == {"batchItemFailures": []}


def _query_handler(request: ProxyEvent) -> ProxyResponse:
    return query.handler.handler(request, None)


def _now() -> datetime:
    return datetime.now(UTC)
