"""Calls Customer.io's Track API as API Gateway does, and looks at what was queued for it."""

from collections.abc import Sequence
from urllib.parse import quote

from footfall.aws.clients import sqs
from footfall.aws.queue import read_message
from footfall.domain.events import Event
from footfall.domain.instructions import Instruction
from footfall.domain.strict_json import dump_json
from footfall.http.responses import ProxyResponse
from footfall.http.route import Route
from footfall.settings import Setting, read_setting
from ingest.handler import handler
from tests.builders import instructions_in
from tests.proxy_events import ALL_SCOPES, json_of, proxy_event

FORM = "application/x-www-form-urlencoded"


def call(
    route: Route,
    document: object = None,
    *,
    person: str = "5",
    device: str = "token",
    scopes: str = ALL_SCOPES,
) -> ProxyResponse:
    """Send a document as JSON; `person` and `device` stand in the path as the SDKs encode them."""
    body = None if document is None else dump_json(document)
    return call_with(route, body, person=person, device=device, scopes=scopes)


def call_with(  # noqa: PLR0913  # every part of a request may matter to a test
    route: Route,
    body: str | None,
    content_type: str = "application/json",
    *,
    person: str = "5",
    device: str = "token",
    scopes: str = ALL_SCOPES,
) -> ProxyResponse:
    event = proxy_event(
        route,
        body,
        headers={"Content-Type": content_type},
        scopes=scopes,
        identifier=quote(person, safe=""),
        deviceId=quote(device, safe=""),
    )
    return handler(event, None)


def message_of(response: ProxyResponse) -> object:
    """Return what is wrong with a call of version 1."""
    assert response["statusCode"] == 400, response
    return json_of(response)["meta"]["error"]


def messages() -> Sequence[Sequence[Instruction]]:
    """Return what each message in the queue tells, and take them out of it."""
    url = read_setting(Setting.EVENTS_QUEUE_URL)
    received = sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in received:
        sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [instructions_in(read_message(message["Body"])) for message in received]


def told() -> Instruction:
    """Return the one thing that was told."""
    ((instruction,),) = messages()
    return instruction


def told_event() -> Event:
    event = told()
    assert isinstance(event, Event)
    return event
