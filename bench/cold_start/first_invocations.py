"""The first event of each function: what it is handed, what it asks of AWS, and what is answered.

They are recorded from the real functions in moto, each with nothing remembered, so that a fresh
process can be given the same answers.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import authorize.handler
import backfill.handler
import due.handler
import query.handler
import sweep.handler
from bench.pipeline.cloud import Pipeline
from bench.pipeline.playback import CONTEXT
from bench.pipeline.recording import Call, Handler, recorded_calls
from bench.pipeline.workload import Shop, touched_segments
from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key
from footfall.aws.key_cache import forget_api_keys
from footfall.aws.segment_cache import forget_segments
from footfall.aws.segment_changes import put_segment
from footfall.domain.stores import Scope, key_hash
from footfall.domain.strict_json import dump_json
from footfall.http.routes import CREATE_EVENT, FIND_CUSTOMER
from footfall.segments.reading import read_definition
from footfall.settings import Setting
from tests.builders import STORE
from tests.moto_cloud import all_items, moto_cloud
from tests.proxy_events import proxy_event
from tests.segment_cloud import put_segments

_API_KEY = "footfall_" + 43 * "k"
_SEGMENTS = {"buyers": {"event": "purchase_completed"}, **touched_segments(5)}
"""One is entered by the first purchase, which is told; two end with a window."""


@dataclass(frozen=True, slots=True)
class FirstInvocation:
    """What happens in a function's first invocation.

    Attributes:
        calls: the calls of AWS: service, operation and parameters.
        answers: what came of them over HTTP: status, headers and content.
    """

    settings: Mapping[str, str]
    event: Any
    calls: Sequence[tuple[str, str, Mapping[str, Any]]]
    answers: Sequence[tuple[int, Mapping[str, str], bytes]]


def first_invocations() -> Mapping[str, FirstInvocation]:
    """Let the first event of a store come all the way, and return what each function did."""
    with moto_cloud():
        found = {"authorize": _record(authorize.handler.handler, _shown_key())}
        put_segments(_SEGMENTS)
        found |= _on_the_way()
        found["query"] = _record(query.handler.handler, _question())
        found["due"] = _record(due.handler.handler, _message(_customers()))
        found["sweep"] = _record(sweep.handler.handler, {})  # while there is no walk to look after
        found["backfill"] = _record(backfill.handler.handler, _message(_walk()))
    return found


def _on_the_way() -> dict[str, FirstInvocation]:
    cloud = Pipeline(publishes_stored_events=False)
    shop = Shop(1, datetime.now(UTC) - timedelta(hours=1))
    steps = (
        lambda: cloud.accept(CREATE_EVENT, shop.single()),
        cloud.store,
        cloud.count_names,
        cloud.decide,
        cloud.publish,
    )
    for step in steps:
        _forget()
        step()
    return {
        one.function: _first(one.settings, one.event, one.calls)
        for one in reversed(cloud.invocations)  # the first of each function remains
    }


def _record(handler: Handler, event: object) -> FirstInvocation:
    _forget()
    with recorded_calls() as calls, redirect_stdout(StringIO()):
        handler(event, CONTEXT)
    settings = {one.value: os.environ[one] for one in Setting if one in os.environ}
    return _first(settings, event, calls)


def _first(settings: Mapping[str, str], event: object, calls: Sequence[Call]) -> FirstInvocation:
    return FirstInvocation(
        settings,
        event,
        [
            (one.client.meta.service_model.service_name, one.operation, one.parameters)
            for one in calls
        ],
        [
            (answer.status, answer.headers, answer.content)
            for one in calls
            for answer in one.http_answers
        ],
    )


def _service(call: Call) -> str:
    return call.client.meta.service_model.service_name


def _forget() -> None:
    forget_segments()
    forget_api_keys()


def _shown_key() -> Mapping[str, str]:
    key = ApiKey(
        hash=key_hash(_API_KEY),
        store_id=STORE,
        scopes=frozenset(Scope),
        status=KeyStatus.ACTIVE,
        label="measured",
        created_at=datetime.now(UTC),
    )
    put_api_key(key)
    return {
        "methodArn": "arn:aws:execute-api:us-east-1:123456789012:api/stage/POST/stores",
        "authorizationToken": f"Bearer {_API_KEY}",
    }


def _question() -> object:
    return proxy_event(FIND_CUSTOMER, query={"email": "customer-0@example.com"})


def _customers() -> Mapping[str, Any]:
    (state,) = all_items(Setting.SEGMENT_STATES_TABLE)
    customer_id = str(state["pk"]).removeprefix(f"{STORE}#")
    return {"storeId": STORE, "customerIds": [customer_id]}


def _walk() -> Mapping[str, Any]:
    definition = read_definition({"event": "refund_requested"})
    stored, _ = put_segment(STORE, "refunded", "Refunded", definition, datetime.now(UTC))
    one = stored.segment
    numbers = {"number": one.number, "generation": one.generation}
    return {"storeId": STORE, "segmentId": "refunded", "shard": None, **numbers}


def _message(document: Mapping[str, Any]) -> object:
    return {"Records": [{"messageId": "message-1", "body": dump_json(document)}]}
