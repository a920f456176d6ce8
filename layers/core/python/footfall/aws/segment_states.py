"""The SegmentStates table: one item a customer, written by compare and swap.

An item that decided something carries its transitions; they leave through the table's stream.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from footfall.aws.batches import get_stored
from footfall.aws.items import from_item, to_item
from footfall.aws.keys import customer_key, due_shard_key
from footfall.aws.swapping import swap
from footfall.errors import PermanentError
from footfall.segments.counting import CountEvidence
from footfall.segments.deciding import Decision
from footfall.segments.evidence import Evidence
from footfall.segments.packing import (
    pack_count,
    pack_ids,
    pack_sum,
    unpack_count,
    unpack_ids,
    unpack_sum,
)
from footfall.segments.readings import Reading
from footfall.segments.state import UNDECIDED, State
from footfall.segments.transitions import to_text
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Item = Mapping[str, AttributeValueTypeDef]

_PACKED = frozenset({"evidence", "read_floor", "read_ids", "transitions"})


class UnreadableStateError(PermanentError):
    """An item is no state that Footfall writes."""


def read_states(
    store_id: str, customer_ids: Iterable[str]
) -> dict[str, State | UnreadableStateError]:
    """Return the state of each of the customers, as stored now; `UNDECIDED` where there is none."""
    by_key = {customer_key(store_id, one): one for one in customer_ids}
    states: dict[str, State | UnreadableStateError] = dict.fromkeys(by_key.values(), UNDECIDED)
    keys = [{"pk": key} for key in by_key]
    for item in get_stored(read_setting(Setting.SEGMENT_STATES_TABLE), keys, consistently=True):
        customer_id = by_key[item["pk"]["S"]]
        try:
            states[customer_id] = from_state_item(item)
        except UnreadableStateError as error:
            states[customer_id] = error
    return states


def write_state(store_id: str, customer_id: str, decision: Decision) -> None:
    """Put the decided state in the place of the one that it follows.

    Raises:
        ConflictError: when somebody else has decided since.
        PermanentError: when the state has outgrown what one item may hold.
    """
    present = decision.state.version - 1
    swap(
        read_setting(Setting.SEGMENT_STATES_TABLE),
        to_state_item(store_id, customer_id, decision),
        "version",
        present or None,
    )


def to_state_item(
    store_id: str, customer_id: str, decision: Decision
) -> "dict[str, AttributeValueTypeDef]":
    """Return the item of a decided state."""
    state, decided = decision.state, decision.decided
    reading = state.reading
    return to_item(
        {
            "pk": customer_key(store_id, customer_id),
            "version": state.version,
            "generation": state.generation,
            "as_of": state.as_of,
            "evidence": {known: _pack(one) for known, one in state.evidence.items()} or None,
            "exceptions": sorted(state.exceptions) or None,
            "dues": {str(number): due for number, due in state.dues.items()} or None,
            "position": state.position,
            "read_floor": pack_ids([reading.floor]) if reading else None,
            "read_ids": pack_ids(sorted(reading.ids)) if reading and reading.ids else None,
            "due_at": state.armed,
            "due_shard": None if state.armed is None else due_shard_key(customer_id),
            "transitions": to_text(decided) if decided.transitions else None,
        }
    )


def from_state_item(item: "Item") -> State:
    """Return the state of an item.

    Raises:
        UnreadableStateError: when it is none.
    """
    try:
        return _from_item(item)
    except (KeyError, TypeError, ValueError, ArithmeticError, struct.error) as error:
        raise UnreadableStateError("the customer's state cannot be read") from error


def _from_item(item: "Item") -> State:
    plain = from_item({name: item[name] for name in item.keys() - _PACKED})
    evidence = item["evidence"]["M"] if "evidence" in item else {}
    return State(
        version=_number(plain["version"]),
        generation=_number(plain["generation"]),
        as_of=_number(plain["as_of"]),
        evidence={known: _unpack(packed) for known, packed in evidence.items()},
        exceptions=frozenset(map(_number, cast("list[object]", plain.get("exceptions", [])))),
        dues={
            int(number): _number(due)
            for number, due in cast("Mapping[str, object]", plain.get("dues", {})).items()
        },
        position=_number(plain["position"]) if "position" in plain else None,
        reading=_reading(item),
        armed=_number(plain["due_at"]) if "due_at" in plain else None,
    )


def _pack(evidence: Evidence) -> bytes | str:
    return pack_count(evidence) if isinstance(evidence, CountEvidence) else pack_sum(evidence)


def _unpack(packed: "AttributeValueTypeDef") -> Evidence:
    return unpack_count(bytes(packed["B"])) if "B" in packed else unpack_sum(packed["S"])


def _reading(item: "Item") -> Reading | None:
    if "read_floor" not in item:
        return None
    (floor,) = unpack_ids(bytes(item["read_floor"]["B"]))
    ids = unpack_ids(bytes(item["read_ids"]["B"])) if "read_ids" in item else []
    return Reading(floor, frozenset(ids))


def _number(value: object) -> int:
    return int(cast("int", value))
