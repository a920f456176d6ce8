"""Sends requests of the Pipelines API to ingest, and looks at what it queued."""

from collections.abc import Mapping
from datetime import UTC, datetime

from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key
from footfall.aws.clients import sqs
from footfall.aws.queue import read_message
from footfall.domain.events import Event
from footfall.domain.instructions import Instruction
from footfall.domain.stores import PUBLIC_SCOPES, Scope, is_public_key, key_hash
from footfall.domain.strict_json import dump_json
from footfall.http.responses import ProxyResponse
from footfall.http.route import Credential, Route
from footfall.settings import Setting, read_setting
from ingest.handler import handler
from tests.builders import instructions_in
from tests.proxy_events import ALL_SCOPES, STORE, proxy_event

STRICT = {"X-Strict-Mode": "1"}
PUBLIC = f"footfall_public_{'p' * 43}"
SECRET = f"footfall_{'s' * 43}"


def send(
    route: Route,
    document: object,
    *,
    headers: Mapping[str, str] | None = None,
    scopes: str = ALL_SCOPES,
) -> ProxyResponse:
    """Return the answer to a document."""
    return send_text(route, dump_json(document), headers=headers, scopes=scopes)


def send_text(  # noqa: PLR0913  # every part of a request may matter to a test
    route: Route,
    body: str | None,
    *,
    headers: Mapping[str, str] | None = None,
    scopes: str = ALL_SCOPES,
    is_base64: bool = False,
    write_key: str = "",
) -> ProxyResponse:
    """Return the answer to a body; where the key stands in body or path, no authorizer is asked."""
    event = proxy_event(
        route, body, headers=headers, scopes=scopes, is_base64=is_base64, writeKey=write_key
    )
    if route.credential is Credential.BODY:
        event["requestContext"] = {"requestId": "0f1e2d3c", "stage": "prod"}
        event["pathParameters"] = {"writeKey": write_key} if write_key else None
    return handler(event, None)


def add_key(
    api_key: str,
    *,
    store_id: str = STORE,
    status: KeyStatus = KeyStatus.ACTIVE,
    scopes: frozenset[Scope] | None = None,
) -> None:
    """Store a key; what it may do follows from what it looks like."""
    usual = PUBLIC_SCOPES if is_public_key(api_key) else frozenset(Scope)
    put_api_key(
        ApiKey(
            hash=key_hash(api_key),
            store_id=store_id,
            scopes=usual if scopes is None else scopes,
            status=status,
            label="",
            created_at=datetime(2026, 4, 2, tzinfo=UTC),
        )
    )


def queued() -> list[list[Instruction]]:
    """Return what every message in the queue tells, and take the messages out."""
    url = read_setting(Setting.EVENTS_QUEUE_URL)
    messages: list[list[Instruction]] = []
    while True:
        received = sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        if not received.get("Messages"):
            return messages
        for message in received["Messages"]:
            messages.append(instructions_in(read_message(message["Body"])))
            sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def queued_events() -> list[Event]:
    """Return the events in the queue, which holds nothing else."""
    instructions = [one for message in queued() for one in message]
    events = [one for one in instructions if isinstance(one, Event)]
    assert len(events) == len(instructions)
    return events
