"""Items are written 25 at a time, and none is made before its turn."""

from typing import TYPE_CHECKING

from footfall.aws.batches import put_all
from footfall.aws.items import to_item
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.moto_cloud import all_items, moto_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


def test_only_the_items_of_one_request_are_in_memory() -> None:
    made = 0
    made_at_requests: list[int] = []

    def items() -> "Iterator[dict[str, AttributeValueTypeDef]]":
        nonlocal made
        for number in range(60):
            made += 1
            yield to_item({"pk": f"store#{number}"})

    def note(carry_out: CarryOut, _call: Call) -> object:
        made_at_requests.append(made)
        return carry_out()

    with moto_cloud():
        with around_every_call(note):
            assert put_all(Setting.IDENTITIES_TABLE, items()) == []
        assert len(all_items(Setting.IDENTITIES_TABLE)) == 60
    assert made_at_requests == [25, 50, 60]
