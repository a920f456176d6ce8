"""The time of the handler and of the floor, who take turns, so that both meet the same machine."""

import gc
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import boto3

from bench.ingest.queue import QUEUE_URL, Queue
from bench.spread import Spread, spread
from footfall.http.requests import ProxyEvent
from ingest.handler import handler
from tests.proxy_events import STORE

_ROUNDS = 15
_TURNS = 30
_SUCCESSES = frozenset({HTTPStatus.OK, HTTPStatus.ACCEPTED})
_NANOSECONDS_PER_MILLISECOND = 1_000_000
_OTHER_WORK = bytearray(8 * 1024 * 1024)
"""More than a core's own caches hold."""


@dataclass(frozen=True, slots=True)
class Timing:
    """CPU milliseconds for a request, by round, and how the handler's compare with the floor's."""

    handler: Spread
    floor: Spread
    ratio: Spread


def timed(requests: Sequence[ProxyEvent], queue: Queue, *, after_other_work: bool) -> Timing:
    """Return the time of the handler for these requests, beside that of the floor.

    The floor reads the same body with Python's own parser, which checks nothing, and sends the very
    message that the handler made of it, with a client as boto3 makes it.

    Args:
        requests: sent in turn.
        queue: what answers.
        after_other_work: nothing that a request needs is in the caches when it comes, as is usual
            where requests are seconds apart.
    """
    messages = [_message_of(request, queue) for request in requests]
    client = boto3.client("sqs")

    def floor(turn: int) -> None:
        json.loads(requests[turn % len(requests)]["body"] or "")
        client.send_message(
            QueueUrl=QUEUE_URL,
            MessageBody=messages[turn % len(messages)],
            MessageGroupId=STORE,
        )

    def ingest(turn: int) -> None:
        handler(requests[turn % len(requests)], None)

    gc.collect()
    gc.freeze()  # as a function does at the end of its start: what is there now is no garbage
    rounds = [_round(ingest, floor, after_other_work=after_other_work) for _ in range(_ROUNDS + 1)]
    del rounds[0]  # to warm up
    return Timing(
        handler=spread([handler for handler, _ in rounds]),
        floor=spread([floor for _, floor in rounds]),
        ratio=spread([handler / floor for handler, floor in rounds]),
    )


def _message_of(request: ProxyEvent, queue: Queue) -> str:
    answer = handler(request, None)
    assert answer["statusCode"] in _SUCCESSES, answer
    return queue.sent


def _round(
    ingest: Callable[[int], None], floor: Callable[[int], None], *, after_other_work: bool
) -> tuple[float, float]:
    """Return the CPU milliseconds of both for a request."""
    nanoseconds = [0, 0]
    for turn in range(_TURNS):
        for place, work in enumerate((ingest, floor)):
            if after_other_work:
                bytes(_OTHER_WORK)
            start = time.process_time_ns()
            work(turn)
            nanoseconds[place] += time.process_time_ns() - start
    first, second = (total / _TURNS / _NANOSECONDS_PER_MILLISECOND for total in nanoseconds)
    return first, second
