"""The units of DynamoDB that calls are billed for, by table, those of global indexes included.

A write unit is a KB begun of an item, twice in a transaction; a write whose condition does not hold
is billed as if it did. An index of keys is written when they change: one unit to put an entry, one
to remove it. A read unit is 4 KB begun, half of one where consistency is not asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from bench.pipeline.recording import Call
from footfall.settings import Setting
from tests.aws_calls import item_bytes, read_units
from tests.moto_cloud import GLOBAL_INDEXES, TABLE_NAMES

Units = Mapping[str, Decimal]
"""By table; an index stands under `Table.index`."""

_KB = 1_024


class Meter:
    """Counts the units of calls; it has to see every write, as indexes depend on what was before.

    Attributes:
        written: write units so far.
        read: read units so far.
    """

    def __init__(self) -> None:
        self.written: dict[str, Decimal] = defaultdict(Decimal)
        self.read: dict[str, Decimal] = defaultdict(Decimal)
        self._places: dict[tuple[str, str], Sequence[Any] | None] = {}
        self._sizes: dict[str, int] = {}

    def take(self, calls: Iterable[Call]) -> None:
        """Count these calls."""
        for call in calls:
            if call.client.meta.service_model.service_name == "dynamodb":
                self._write(call)
                self._read(call)

    def _write(self, call: Call) -> None:
        factor = 2 if call.operation == "TransactWriteItems" else 1
        for table, item in _puts(call):
            self.written[TABLE_NAMES[Setting(table)]] += factor * ceil(item_bytes(item) / _KB)
            self._sizes[table] = item_bytes(item)
            if call.answer:
                self._index(table, item)
        for table in _other_writes(call):
            self.written[TABLE_NAMES[Setting(table)]] += factor

    def _index(self, table: str, item: Mapping[str, Any]) -> None:
        """Count what the write costs in the index of the table, if it has one."""
        index = GLOBAL_INDEXES.get(Setting(table))
        if index is None:
            return
        name, *attributes = index
        key = (table, item["pk"]["S"])
        before = self._places.get(key)
        after = [item[one] for one in attributes] if item.keys() >= set(attributes) else None
        self._places[key] = after
        if before != after:
            changed = (before is not None) + (after is not None)
            self.written[f"{TABLE_NAMES[Setting(table)]}.{name}"] += changed

    def _read(self, call: Call) -> None:
        parameters = call.parameters
        if "ProjectionExpression" in parameters:  # it is billed for whole items
            read = call.answer["ScannedCount"] * self._sizes[parameters["TableName"]]
            units = Decimal(max(1, ceil(read / (4 * _KB))))
            units *= Decimal(1) if parameters.get("ConsistentRead") else Decimal("0.5")
        else:
            units = read_units((call.operation, parameters), call.answer)
        if units:
            table = parameters.get("TableName") or next(iter(parameters["RequestItems"]))
            self.read[TABLE_NAMES[Setting(table)]] += units


def _puts(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every item that the call puts, with its table."""
    match call.operation:
        case "PutItem":
            yield call.parameters["TableName"], call.parameters["Item"]
        case "BatchWriteItem":
            for table, requests in call.parameters["RequestItems"].items():
                for request in requests:
                    yield table, request["PutRequest"]["Item"]
        case "TransactWriteItems":
            for part in call.parameters["TransactItems"]:
                if "Put" in part:
                    yield part["Put"]["TableName"], part["Put"]["Item"]
        case "UpdateItem" | "DeleteItem" | "ExecuteStatement" | "BatchExecuteStatement":
            raise AssertionError(f"{call.operation} is not accounted for")


def _other_writes(call: Call) -> Iterator[str]:
    """Yield the table of each other write of a transaction; these items are small."""
    if call.operation == "TransactWriteItems":
        for part in call.parameters["TransactItems"]:
            ((kind, request),) = part.items()
            if kind != "Put":
                yield request["TableName"]
