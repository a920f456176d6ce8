"""What is billed beside the events: keys that are looked up, entries to segments, the sweep."""

import os
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import StringIO
from typing import Any

import authorize.handler
import sweep.handler
from bench.bill.counting import Counted, counted
from bench.bill.units import Meter
from bench.pipeline.cloud import pipeline
from bench.pipeline.playback import CONTEXT
from bench.pipeline.recording import Handler, Invocation, recorded_calls
from bench.pipeline.workload import Shop
from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key
from footfall.domain.stores import Scope, key_hash
from footfall.http.routes import CREATE_EVENT
from footfall.settings import Setting
from tests.moto_cloud import moto_cloud
from tests.proxy_events import STORE
from tests.segment_cloud import put_segments

_KEY = "footfall_" + "k" * 43
_METHOD = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/POST/stores/store/events"


def authorization() -> Counted:
    """Return what one look at an API key uses."""
    with moto_cloud():
        put_api_key(
            ApiKey(
                hash=key_hash(_KEY),
                store_id=STORE,
                scopes=frozenset({Scope.CUSTOMER_EVENTS_WRITE}),
                status=KeyStatus.ACTIVE,
                label="backend",
                created_at=datetime.now(UTC),
            )
        )
        asked = {"authorizationToken": f"Bearer {_KEY}", "methodArn": _METHOD}
        return _counted_alone("authorize", authorize.handler.handler, asked)


def swept() -> Counted:
    """Return what the sweep of one minute uses that finds nothing."""
    with moto_cloud():
        return _counted_alone("sweep", sweep.handler.handler, {})


def entry() -> Counted:
    """Return what it takes to tell of one entry to a segment, beside what the event cost."""
    with pipeline() as cloud:
        put_segments({"buyers": {"event": "purchase_completed"}})
        shop = Shop(1, datetime.now(UTC) - timedelta(hours=1))
        assert cloud.accept(CREATE_EVENT, shop.single())["statusCode"] == HTTPStatus.ACCEPTED
        cloud.drain()
        told = cloud.of("publish")
        assert len(told) == 1, "one customer enters one segment"
        return counted(told, Meter(), events=1)


def _counted_alone(function: str, handler: Handler, event: Any) -> Counted:  # noqa: ANN401 - what Lambda hands over
    settings = {one.value: os.environ[one] for one in Setting if one in os.environ}
    with recorded_calls() as calls, redirect_stdout(StringIO()) as printed:
        result = handler(event, CONTEXT)
    alone = Invocation(function, handler, settings, event, result, calls, printed.getvalue())
    return counted([alone], Meter(), events=1)
