"""Stands around the AWS calls that code makes: counts what they cost, or dies after one of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from math import ceil
from typing import Any, TypeAlias, cast

import pytest
from botocore.client import BaseClient

Call: TypeAlias = tuple[str, Mapping[str, Any]]
"""The operation, and its parameters as boto3 takes them."""

CarryOut: TypeAlias = Callable[[], object]


class Killed(BaseException):
    """The process died; nothing in the code under test may catch this."""


@contextmanager
def around_every_call(stand_around: Callable[[CarryOut, Call], object]) -> Iterator[None]:
    """Hand every AWS call of the block to a function, which carries it out, or does not."""
    make_call = cast("Any", BaseClient)._make_api_call  # noqa: SLF001  # every call passes here

    def guarded(self: BaseClient, operation: str, parameters: Mapping[str, Any]) -> object:
        return stand_around(lambda: make_call(self, operation, parameters), (operation, parameters))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", guarded)
        yield


@contextmanager
def recorded_calls(*, die_after: int | None = None) -> Iterator[list[Call]]:
    """Record every AWS call of the block.

    Args:
        die_after: raise `Killed` right after this many calls have been carried out.
    """
    calls: list[Call] = []

    def record(carry_out: CarryOut, call: Call) -> object:
        try:
            return carry_out()
        finally:
            calls.append(call)
            if len(calls) == die_after:
                raise Killed

    with around_every_call(record):
        yield calls


def write_units(calls: list[Call]) -> int:
    """Return the DynamoDB write units of the calls: 1 per started KB, twice in a transaction."""
    return sum(_units(operation, parameters) for operation, parameters in calls)


def _units(operation: str, parameters: Mapping[str, Any]) -> int:
    match operation:
        case "PutItem":
            return _item_units(parameters["Item"])
        case "BatchWriteItem":
            return sum(
                _item_units(request["PutRequest"]["Item"])
                for requests in parameters["RequestItems"].values()
                for request in requests
            )
        case "TransactWriteItems":
            return sum(2 * _part_units(one) for one in parameters["TransactItems"])
        case "UpdateItem" | "DeleteItem" | "BatchExecuteStatement" | "ExecuteStatement":
            raise AssertionError(f"{operation} is not accounted for")
        case _:
            return 0


def read_units(call: Call, answer: Mapping[str, Any]) -> Decimal:
    """Return the DynamoDB read units of a call: 1 per started 4 KB read consistently, else half."""
    operation, parameters = call
    match operation:
        case "GetItem":
            items = [answer.get("Item", {})]
            return _blocks(items) * _share(parameters)
        case "Query":
            if "FilterExpression" in parameters or "ProjectionExpression" in parameters:
                raise AssertionError("what a query reads beside what it returns is not known")
            return _blocks([_together(answer["Items"])]) * _share(parameters)
        case "BatchGetItem":
            ((table, request),) = parameters["RequestItems"].items()
            items = answer["Responses"].get(table, [])
            missing = len(request["Keys"]) - len(items)
            return (_blocks(items) + missing) * _share(request)
        case "Scan" | "TransactGetItems" | "ExecuteStatement" | "BatchExecuteStatement":
            raise AssertionError(f"{operation} is not accounted for")
        case _:
            return Decimal(0)


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return the bytes of an item by DynamoDB's rules for item sizes."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _blocks(items: Sequence[Mapping[str, Any]]) -> int:
    return sum(max(1, ceil(item_bytes(item) / 4096)) for item in items)


def _together(items: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {f"{place}": {"M": item} for place, item in enumerate(items)}


def _share(request: Mapping[str, Any]) -> Decimal:
    return Decimal(1) if request.get("ConsistentRead") else Decimal("0.5")


def _item_units(item: Mapping[str, Any]) -> int:
    return ceil(item_bytes(item) / 1024)


def _part_units(part: Mapping[str, Any]) -> int:
    ((kind, request),) = part.items()
    match kind:
        case "Put":
            return _item_units(request["Item"])
        case "ConditionCheck":
            return 1
        case _:
            raise AssertionError(f"{kind} is not accounted for")


def _size(value: Mapping[str, Any]) -> int:
    """Return the bytes of an attribute by DynamoDB's rules for item sizes."""
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content)
        case "N":
            return ceil(len(Decimal(content).as_tuple().digits) / 2) + 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(one) for name, one in content.items())
        case "L":
            return 3 + sum(1 + _size(one) for one in content)
        case _:
            return 1
