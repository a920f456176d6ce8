"""The functions behind the gateway, with whole requests, in moto's AWS."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from unittest.mock import patch

from hypothesis import strategies as st

import authorize.handler
import ingest.handler
import query.handler
import tests.conftest  # noqa: F401 - the made-up AWS identity
from authorize.handler import AuthorizerEvent
from bench.fuzzing.inputs.examples import REDO_EVENTS, SEGMENTS
from bench.fuzzing.inputs.json_values import TEXTS
from bench.fuzzing.inputs.requests import (
    KNOWN_CUSTOMER,
    KNOWN_SEGMENT,
    KNOWN_UNIQUE_ID,
    PUBLIC_KEY,
    SECRET_KEY,
    floods_of,
    requests_of,
)
from bench.fuzzing.parsers.parser import Parser
from footfall.aws import clients
from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key
from footfall.aws.queue import read_message
from footfall.domain.stores import PUBLIC_SCOPES, Scope, is_public_key, key_hash
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject
from footfall.http.requests import ProxyEvent
from footfall.http.responses import ProxyResponse
from footfall.http.route import Family
from footfall.http.routes import CREATE_EVENT, PUT_SEGMENT, ROUTES
from footfall.settings import Setting, read_setting
from tests.builders import deliver, instructions_in, raw_message
from tests.moto_cloud import moto_cloud
from tests.openapi_answers import assert_described
from tests.proxy_events import STORE, proxy_event

_MOST_BYTES = 6_000_000
"""Of an answer that Lambda returns."""

_METHOD = "arn:aws:execute-api:us-east-1:123456789012:api/dev/POST/stores/{}/events"
_BY_PLACE = {(route.method, route.path): route for route in ROUTES}


@contextmanager
def _cloud() -> Iterator[None]:
    """Run the block with a store that has keys, a customer, an event and a segment."""
    with moto_cloud():
        for key in (PUBLIC_KEY, SECRET_KEY):
            is_public = is_public_key(key)
            scopes = PUBLIC_SCOPES if is_public else frozenset(Scope)
            now = datetime.now(UTC)
            active = KeyStatus.ACTIVE
            put_api_key(ApiKey(key_hash(key), STORE, scopes, active, "", now, is_public=is_public))
        event = {"uniqueId": KNOWN_UNIQUE_ID, "customer": {"id": KNOWN_CUSTOMER}}
        body = dump_json({**_object(REDO_EVENTS[0]), **event})
        ingest.handler.handler(proxy_event(CREATE_EVENT, body), None)
        _process_the_queue()
        segment = proxy_event(PUT_SEGMENT, dump_json(SEGMENTS[0]), segmentId=KNOWN_SEGMENT)
        assert _is_success(segment, query.handler.handler(segment, None))
        yield


def _ingest(event: ProxyEvent) -> bool:
    """Ingest answers, and whatever it queues can be read."""
    with patch("ingest.queueing.send_envelope", _check_envelope):
        return _is_success(event, ingest.handler.handler(event, None))


def _check_envelope(envelope: JsonObject) -> None:
    text = dump_json(envelope)
    text.encode()
    assert instructions_in(read_message(text))


def _ingest_and_process(event: ProxyEvent) -> bool:
    """Whatever ingest accepts, process stores: nothing comes again, and nothing dies."""
    is_success = _is_success(event, ingest.handler.handler(event, None))
    _process_the_queue()
    return is_success


def _process_the_queue() -> None:
    for message in _received(Setting.EVENTS_QUEUE_URL):
        again = deliver(raw_message(message, "id"))
        assert not again, "a message has to come again"
    assert not _received(Setting.DEAD_LETTER_QUEUE_URL), "what was accepted is dead"


def _received(queue: Setting) -> list[str]:
    """Return what is in a queue, and take it out."""
    url = read_setting(queue)
    received = clients.sqs().receive_message(QueueUrl=url).get("Messages", [])
    for message in received:
        clients.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in received]


def _query(event: ProxyEvent) -> bool:
    """Query answers, and as the OpenAPI document says."""
    answer = query.handler.handler(event, None)
    route = _BY_PLACE[event["httpMethod"], event["resource"]]
    if route.family is Family.OWN:
        assert_described(route, answer)
    return _is_success(event, answer)


def _query_flooded(event: ProxyEvent) -> bool:
    """Query answers; the check of so long an answer would take more memory than the answer."""
    return _is_success(event, query.handler.handler(event, None))


def _is_success(event: ProxyEvent, answer: ProxyResponse) -> bool:
    """Tell whether the request was done; fail unless the answer is sound and not too large."""
    status = answer["statusCode"]
    assert isinstance(status, int)
    place = f"{event['httpMethod']} {event['resource']}"
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR, f"{status} of {place}"
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < _MOST_BYTES
    return status < HTTPStatus.BAD_REQUEST


def _authorize(event: AuthorizerEvent) -> bool:
    try:
        policy = authorize.handler.handler(event, None)
    except Exception as error:
        if str(error) != "Unauthorized":  # the word that the gateway waits for
            raise
        return False
    assert policy["principalId"] == STORE
    return True


def _object(document: object) -> dict[str, object]:
    assert isinstance(document, Mapping)
    return dict(document)


_TOKENS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["Bearer ", "bearer", "Basic ", "Klaviyo-API-Key ", ""]),
    st.sampled_from([PUBLIC_KEY, SECRET_KEY, f"footfall_{'x' * 43}"]) | TEXTS | st.text(),
    st.sampled_from(["", "\n", " ", "\0"]),
)
_AUTHORIZER_EVENTS = st.fixed_dictionaries(
    {"methodArn": TEXTS.map(_METHOD.format)},
    optional={
        "authorizationToken": _TOKENS,
        "queryStringParameters": st.none() | st.fixed_dictionaries({"company_id": _TOKENS}),
    },
)
_INGEST = [route for route in ROUTES if route.function == "ingest"]
_QUERY = [route for route in ROUTES if route.function == "query"]
_WITH_BODIES = [route for route in _INGEST if route.method != "GET"]
_QUERY_WITH_BODIES = [route for route in _QUERY if route.method in {"PUT", "POST"}]
_SHARE = 3
_FEW = 5

REQUEST_PARSERS: Mapping[str, Parser] = {
    "authorize: any key": Parser(_AUTHORIZER_EVENTS, _authorize, _cloud),
    "ingest: any request": Parser(requests_of(_INGEST), _ingest, _cloud, share=_SHARE),
    "ingest: floods": Parser(floods_of(_WITH_BODIES), _ingest, _cloud, _SHARE, _FEW),
    "ingest, then process": Parser(
        requests_of(_INGEST), _ingest_and_process, _cloud, share=_SHARE, stores=True
    ),
    "query: any request": Parser(requests_of(_QUERY), _query, _cloud, share=_SHARE),
    "query: floods": Parser(floods_of(_QUERY_WITH_BODIES), _query_flooded, _cloud, _SHARE, _FEW),
}
