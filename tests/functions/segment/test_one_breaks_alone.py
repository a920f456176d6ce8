"""A customer who cannot be decided, for whatever reason, stands in no other's way."""

import pytest

from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import JANE, email
from tests.segment_cloud import happened, segment_cloud

JOHN = email("john@example.com")


@pytest.mark.parametrize(
    "broken",
    [{"evidence": {"M": {"e8853da59a1dab98": {"B": b"?"}}}}, {"evidence": {"B": b"?"}}, {}],
)
def test_a_state_that_cannot_be_read_blocks_nobody(broken: dict[str, object]) -> None:
    with segment_cloud() as cloud:
        cloud.put_live(buyers={"event": "bought", "count": {"gte": 2}})
        cloud.store(happened("bought"), happened("bought", JOHN))
        cloud.settle()
        jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
        cloud.store(happened("bought"), happened("bought", JOHN))

        def spoil(carry_out: CarryOut, call: Call) -> object:
            answer = carry_out()
            if call[0] == "BatchGetItem":
                _spoil(answer, jane, broken)
            return answer

        with around_every_call(spoil):
            cloud.segment(cloud.events.read())
        cloud.settle()
        assert john in cloud.members("buyers")


def _spoil(answer: object, customer_id: str, broken: dict[str, object]) -> None:
    assert isinstance(answer, dict)
    for item in answer["Responses"].get(Setting.SEGMENT_STATES_TABLE, []):
        if item["pk"]["S"].endswith(customer_id):
            item.update(broken)
            if not broken:
                del item["as_of"]
