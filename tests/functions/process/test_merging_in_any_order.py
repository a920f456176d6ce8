"""People who are merged: any order, duplication and batching ends with the same customers."""

from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings

from footfall.domain.instructions import Instruction
from footfall.domain.values import JsonValue
from tests.builders import deliver, message
from tests.merging_people import deliver_rest, deliveries, histories, people
from tests.moto_cloud import moto_cloud


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries(histories()))
def test_any_order_ends_with_the_same_people(
    delivered: tuple[list[Instruction], list[list[Instruction]]],
) -> None:
    instructions, batches = delivered

    assert _people_after(batches) == _people_after([[one] for one in instructions])


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries(histories()))
def test_histories_that_are_moved_in_several_turns_end_the_same(
    delivered: tuple[list[Instruction], list[list[Instruction]]],
) -> None:
    instructions, batches = delivered
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("footfall.aws.moving.PAGE_SIZE", 1)
        patch.setattr("footfall.aws.moving.MAX_PAGES", 1)
        in_turns = _people_after(batches)

    assert in_turns == _people_after([[one] for one in instructions])


def _people_after(
    batches: Iterable[Sequence[Instruction]],
) -> Mapping[str, Mapping[str, JsonValue]]:
    with moto_cloud():
        for batch in batches:
            assert deliver(*(message(one) for one in batch)) == []
            deliver_rest()
        return people()
