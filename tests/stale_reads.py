"""Readings that are not consistent, answered as DynamoDB may: each item as it was at some moment.

Moto answers all readings alike. Here an item that is not read consistently is any of those that
have stood under its key in this block, or none, as before the first; which, the test says.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.moto_cloud import stored_items


@contextmanager
def stale_reads(table: Setting, ages: Sequence[int]) -> Iterator[None]:
    """Let readings of the table in this block be late, if they are not consistent.

    Args:
        table: its key is one attribute, `pk`.
        ages: how many changes late the items are that are read so, in turn; for ever again.
    """
    late = cycle(ages)
    versions: dict[str, list[Mapping[str, Any] | None]] = {}

    def take_note() -> None:
        items = {item["pk"]["S"]: item for item in stored_items(table)}
        for key in versions.keys() | items.keys():
            known = versions.setdefault(key, [None])
            if known[-1] != items.get(key):
                known.append(items.get(key))

    def as_it_was(key: str) -> Mapping[str, Any] | None:
        known = versions.get(key, [None])
        return known[max(0, len(known) - 1 - next(late))]

    def stand_around(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation == "BatchGetItem" and table in parameters["RequestItems"]:
            request = parameters["RequestItems"][table]
            if not request["ConsistentRead"]:
                found = [as_it_was(key["pk"]["S"]) for key in request["Keys"]]
                return {"Responses": {table: [one for one in found if one is not None]}}
        try:
            return carry_out()
        finally:
            take_note()

    take_note()
    with around_every_call(stand_around):
        yield
