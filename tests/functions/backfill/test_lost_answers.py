"""The answer to a step is lost, and the SDK asks again: DynamoDB refuses what it has done itself.

A walk does not wait for the next minutes' sweep then, as if somebody else walked there.
"""

from datetime import timedelta

import pytest

from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import email
from tests.segment_cloud import happened, in_shards, segment_cloud

LATELY = {"event": "bought", "within": {"last": "1h"}}


@pytest.fixture(autouse=True)
def _few_shards_and_small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backfill.walking.SLICE_SIZE", 1)
    in_shards(1, monkeypatch)


def _twice(carry_out: CarryOut, call: Call) -> object:
    operation, _ = call
    if operation == "UpdateItem":
        carry_out()
    return carry_out()


@pytest.mark.parametrize("number", [0, 3])
def test_a_walk_goes_on(number: int) -> None:
    with segment_cloud() as cloud:
        people = [email(f"person-{one}@example.com") for one in range(number)]
        cloud.store(*(happened("bought", who) for who in people))
        cloud.settle()
        cloud.put_segment("lately", LATELY)
        with around_every_call(_twice):
            cloud.pass_time(timedelta(seconds=10))
        assert not cloud.is_building()
        assert len(cloud.members("lately")) == number
        cloud.check()
