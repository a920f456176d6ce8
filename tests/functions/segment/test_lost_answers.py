"""The answer to a write is lost, and the SDK asks again: DynamoDB refuses what it has done itself.

Who looks again then finds nothing new; what falls due before the next sweep is queued all the same.
"""

from datetime import timedelta

from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import NOON
from tests.segment_cloud import happened, segment_cloud

LATELY = {"event": "bought", "within": {"last": "1h"}}


def _twice(carry_out: CarryOut, call: Call) -> object:
    operation, _ = call
    if operation == "PutItem":
        carry_out()
    return carry_out()


def test_a_customer_leaves_at_the_very_second() -> None:
    with segment_cloud() as cloud:
        cloud.put_live(lately=LATELY)
        cloud.store(happened("bought", at=NOON - timedelta(minutes=59, seconds=30)))
        with around_every_call(_twice):
            cloud.settle()
        assert len(cloud.members("lately")) == 1
        cloud.pass_time(timedelta(seconds=31), sweeps=False)
        assert cloud.members("lately") == {}
        cloud.check()
