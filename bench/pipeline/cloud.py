"""The functions in moto, one after another as AWS has them, with every invocation recorded.

Batches are as large as the stack allows, or as the caller asks for; who waits for what is left to
him, so that a measure can tell busy from quiet times.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

import pytest

import catalogue.handler
import ingest.handler
import process.handler
import publish.handler
import segment.handler
import tests.conftest  # noqa: F401 - the made-up AWS identity
from bench.pipeline.clock import hurried_clock, pass_time
from bench.pipeline.playback import CONTEXT
from bench.pipeline.recording import Call, Handler, Invocation, recorded_calls
from footfall.http.route import Route
from footfall.settings import Setting
from tests.moto_cloud import moto_cloud
from tests.proxy_events import proxy_event
from tests.segment_cloud import Records, Stream

MESSAGES_PER_BATCH = 5
CATALOGUE_BATCH = 1_000
EVIDENCE_BATCH = 250
TRANSITIONS_BATCH = 100
"""The batch sizes of the stack; tests/infra shows that they are."""


class Pipeline:
    """A store's way from requests to members.

    Attributes:
        invocations: what the functions did, in order.
        waiting: the bodies of the messages that process has not been handed.
    """

    def __init__(self, *, publishes_stored_events: bool) -> None:
        self._publishes_stored_events = publishes_stored_events
        self.invocations: list[Invocation] = []
        self.waiting: list[str] = []
        self._events_to_count = Stream(Setting.EVENTS_TABLE)
        self._events = Stream(Setting.EVENTS_TABLE)
        self._customers = Stream(Setting.CUSTOMERS_TABLE)
        self._states = Stream(Setting.SEGMENT_STATES_TABLE)

    def accept(self, route: Route, body: str, headers: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - the gateway's answer
        """Hand a request to ingest; what it sends waits for process. Return the answer."""
        invocation = self._invoke(
            "ingest", ingest.handler.handler, proxy_event(route, body, headers=headers)
        )
        self.waiting += _messages(invocation.calls)
        return invocation.result

    def store(self, messages_per_batch: int = MESSAGES_PER_BATCH) -> None:
        """Hand what waits to process."""
        messages, self.waiting = self.waiting, []
        for batch in _batches(messages, messages_per_batch):
            records = [
                {
                    "messageId": f"message-{number}",
                    "body": body,
                    "attributes": {"ApproximateReceiveCount": "1"},
                }
                for number, body in enumerate(batch)
            ]
            self._feed("process", process.handler.handler, records)

    def count_names(self, records_per_batch: int = CATALOGUE_BATCH) -> None:
        """Hand the new events to catalogue."""
        records = [one for one in self._events_to_count.read() if "OldImage" not in one["dynamodb"]]
        self._feed_all("catalogue", catalogue.handler.handler, records, records_per_batch)

    def decide(self, records_per_batch: int = EVIDENCE_BATCH) -> None:
        """Hand what segments are decided from to segment."""
        for stream in (self._events, self._customers):
            records = [one for one in stream.read() if "NewImage" in one["dynamodb"]]
            self._feed_all("segment", segment.handler.handler, records, records_per_batch)

    def publish(self, records_per_batch: int = TRANSITIONS_BATCH) -> None:
        """Hand the transitions to publish."""
        records = [
            one
            for one in self._states.read()
            if "transitions" in one["dynamodb"].get("NewImage", {})
        ]
        self._feed_all("publish", publish.handler.handler, records, records_per_batch)

    def drain(self) -> None:
        """Let everything that waits go all the way, in batches as large as may be."""
        self.store()
        self.count_names()
        self.decide()
        self.publish()

    def overlook(self) -> None:
        """Let every reader of a stream pass by what is in it."""
        for stream in (self._events_to_count, self._events, self._customers, self._states):
            stream.read()

    def forget(self) -> None:
        """Forget the invocations so far: they were to warm up."""
        self.invocations.clear()

    def of(self, function: str) -> Sequence[Invocation]:
        """Return the invocations of a function."""
        return [one for one in self.invocations if one.function == function]

    def _feed_all(self, function: str, handler: Handler, records: Records, size: int) -> None:
        for batch in _batches(records, size):
            self._feed(function, handler, batch)

    def _feed(self, function: str, handler: Handler, records: Sequence[Any]) -> None:
        invocation = self._invoke(function, handler, {"Records": records})
        assert invocation.result == {"batchItemFailures": []}, invocation.result

    def _invoke(self, function: str, handler: Handler, event: Any) -> Invocation:  # noqa: ANN401 - what Lambda hands over
        with pytest.MonkeyPatch.context() as environment:
            if function == "catalogue" and not self._publishes_stored_events:
                environment.delenv(Setting.EVENT_BUS_NAME)
            settings = {one.value: os.environ[one] for one in Setting if one in os.environ}
            pass_time()
            with recorded_calls() as calls, redirect_stdout(StringIO()) as printed:
                result = handler(event, CONTEXT)
        invocation = Invocation(
            function, handler, settings, event, result, calls, printed.getvalue()
        )
        self.invocations.append(invocation)
        return invocation


@contextmanager
def pipeline(*, publishes_stored_events: bool = False) -> Iterator[Pipeline]:
    """Run the block with an empty Footfall in moto."""
    with moto_cloud(), hurried_clock():
        yield Pipeline(publishes_stored_events=publishes_stored_events)


def _messages(calls: Sequence[Call]) -> Iterator[str]:
    for call in calls:
        match call.operation:
            case "SendMessage":
                yield call.parameters["MessageBody"]
            case "SendMessageBatch":
                for entry in call.parameters["Entries"]:
                    yield entry["MessageBody"]


def _batches(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
