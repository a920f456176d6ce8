"""The requests with which ingest is measured are accepted, and each is another."""

import json

import pytest

from bench.ingest.purchases import SHAPES, Shape
from bench.ingest.queue import instant_queue
from footfall.aws.clients import sqs
from ingest.handler import handler


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_request_is_accepted_whole(shape: Shape) -> None:
    sqs.cache_clear()
    with instant_queue() as queue:
        request, other, *_ = shape.requests()
        assert handler(request, None)["statusCode"] in {200, 202}
        assert len(json.loads(queue.sent)["events"]) == shape.events
    assert request["body"] != other["body"]
